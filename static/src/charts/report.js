/** The whole comparison as Markdown: conclusion, tables, machine and link. */

import { named, t } from "../words.js";
import { agreementTable, remark, telling } from "./agreement.js";
import { callsTable } from "./calls.js";
import { fingerprint } from "./machine.js";
import { markdown } from "./markdown.js";
import { outcomeText, swept } from "./paths.js";
import { operatorsTable, partsTable } from "./profile.js";
import { disturbances, speedTable } from "./speed.js";
import { headline, sentences } from "./summary.js";
import { facets, overtakings, overtakingText, sweepTable } from "./sweep.js";

/** @typedef {import("../types").RunState} RunState */

/** The longest list of operators that an issue wants to see. */
const OPERATORS = 10;

/** @param {RunState} state */
function tables({ benchmarks, verdicts, profiles }) {
  const plain = benchmarks.filter((one) => !swept(one));
  const found = [];
  if (plain.length) found.push(speedTable(plain));
  if (verdicts.some((one) => !swept(one))) found.push(agreementTable(verdicts));
  if (plain.length > 1) found.push(callsTable(plain));
  found.push(...facets(benchmarks, verdicts).map(sweepTable));
  if (profiles.length) found.push(partsTable(profiles));
  for (const profile of profiles) {
    const { rows, ...rest } = operatorsTable(profile);
    if (rows.length) found.push({ ...rest, rows: rows.slice(0, OPERATORS) });
  }
  return found;
}

/** @param {RunState} state */
function items({ benchmarks, verdicts }) {
  const said = sentences(benchmarks, verdicts).map(({ path, outcome, text }) =>
    [outcome ? `${outcomeText(outcome)}:` : "", named("path", path), text].filter(Boolean).join(" "),
  );
  const overtaken = facets(benchmarks, verdicts).flatMap((facet) =>
    overtakings(facet).map((one) => overtakingText(one, facet)),
  );
  const notes = telling(verdicts.filter(({ message }) => message)).map((alike) => {
    const { one, where, message } = remark(alike);
    return `${named("path", one.subject)} (${where}): ${message}`;
  });
  return [...said, ...overtaken, ...disturbances(benchmarks), ...notes];
}

/** @param {RunState} state @param {string | null} link */
export function report(state, link) {
  const machine = state.environment ? fingerprint(state.environment) : "";
  return markdown({
    title: headline(state.benchmarks, state.verdicts) || t("comparison"),
    items: items(state),
    tables: tables(state),
    foot: [machine && t("measuredOn", { machine }), link ?? ""],
  });
}
