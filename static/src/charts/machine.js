/** Where it was measured: what makes numbers of two machines differ. */

import { count, significant, size } from "../format.js";
import { t } from "../words.js";

/** @typedef {import("../types").Environment} Environment */

/** Name and value of all that is known of a machine. @param {Environment} environment @returns {[string, string][]} */
export function facts({ device, device_name, threads, torch, python, machine }) {
  const versions = Object.entries({ PyTorch: torch, Python: python, ...machine?.versions });
  return [
    [t("fact.device"), `${device_name} (${device.toUpperCase()})`],
    [t("threads"), String(threads)],
    ...(machine ? hardware(machine) : []),
    ...versions,
  ];
}

/** @param {import("../types").Machine} machine @returns {[string, string][]} */
function hardware({ processor, architecture, cores, processors, governor, kernel, memory_bytes }) {
  return [
    [t("fact.processor"), `${processor} (${architecture})`],
    [t("fact.cores"), t("fact.coresOf", { cores: count(cores), processors: count(processors) })],
    [t("fact.governor"), governor ?? t("fact.unknown")],
    [t("fact.memory"), size(memory_bytes)],
    [t("fact.kernel"), kernel],
  ];
}

/** How busy the machine was already: no property of it, so it is not compared. @param {Environment} environment @returns {[string, string][]} */
export const momentary = ({ machine }) => (machine ? [[t("fact.load"), significant(machine.load)]] : []);

/** @param {Environment} environment */
export const fingerprint = (environment) =>
  [...facts(environment), ...momentary(environment)].map(([name, value]) => `${name}: ${value}`).join(" · ");

/** @param {Environment | null} then @param {Environment | null} here @returns {string[]} what differs between two machines */
export function differences(then, here) {
  if (!then || !here) return [];
  const now = new Map(facts(here));
  return facts(then)
    .filter(([name, value]) => now.get(name) !== value)
    .map(([name, value]) => t("differsIn", { name, recorded: value, here: now.get(name) ?? "–" }));
}
