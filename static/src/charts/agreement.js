/** Does each path do the same? Every check of every path, and for what is not the same: where, and how far off. */

import { count, error } from "../format.js";
import { named, t } from "../words.js";
import { outcomeText, parameters, swept, unique, worst } from "./paths.js";

/** @typedef {import("../types").Verdict} Verdict */

/** @param {Verdict[]} verdicts @param {"max_abs_error" | "max_rel_error" | "max_ulp_error"} key @param {(value: number) => string} words */
function greatest(verdicts, key, words) {
  const found = verdicts.flatMap((one) => one[key] ?? []);
  return found.length ? words(Math.max(...found)) : "–";
}

/** @param {Verdict} one */
export const subjectOf = ({ subject, against }) =>
  against === "eager"
    ? named("path", subject)
    : t("subjectAgainst", { subject: named("path", subject), against: named("path", against) });

/** @param {Verdict[]} all @returns {import("./columns.js").Table} */
export function agreementTable(all) {
  const verdicts = all.filter((one) => !swept(one));
  const checks = unique(verdicts.map(({ check = "inputs" }) => check));
  const rows = unique(verdicts.map(subjectOf)).map((name) => {
    const own = verdicts.filter((one) => subjectOf(one) === name);
    const cells = checks.map((check) => {
      const found = worst(own.filter((one) => (one.check ?? "inputs") === check));
      return found ? outcomeText(found.outcome) : "–";
    });
    const errors = [
      greatest(own, "max_abs_error", error),
      greatest(own, "max_rel_error", error),
      greatest(own, "max_ulp_error", (value) => count(Math.round(value))),
    ];
    return [name, ...cells, ...errors];
  });
  const heads = [
    t("path"),
    ...checks.map((check) => named("check", check)),
    t("absError"),
    t("relError"),
    t("ulpError"),
  ];
  return { title: t("verdicts"), heads, rows };
}

/** What a verdict says beyond its outcome, and at which points of a sweep. @param {Verdict[]} alike */
export function remark(alike) {
  const [one] = /** @type {[Verdict]} */ (alike);
  const { check = "inputs", stage, message } = one;
  const points = alike.map(parameters).filter(Boolean).join("; ");
  const where = [named("check", check), stage ? t("atStage", { stage: named("stage", stage) }) : "", points];
  return { one, where: where.filter(Boolean).join(", "), message: [first(one), message].filter(Boolean).join("\n") };
}

/** The first element that is not as it should be. @param {Verdict} one */
function first({ difference }) {
  if (!difference) return "";
  const { value, index, found, expected } = difference;
  return t("firstDifference", { value, index: index.length ? `[${index.join(", ")}]` : "", found, expected });
}

/** Those of which more is to be said than their sign; what a sweep says at many points is said once. @param {Verdict[]} verdicts */
export function telling(verdicts) {
  const found = verdicts.filter(({ outcome, message }) => !["same", "close"].includes(outcome) || Boolean(message));
  /** @type {Map<string, Verdict[]>} */
  const groups = new Map();
  for (const one of found) {
    const { subject, against, check, outcome, stage, message, line } = one;
    const key = JSON.stringify([subject, against, check, outcome, stage, message, line]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}
