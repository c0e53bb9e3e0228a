/** Does each path do the same? The table of all checks, and under it a note for each that says more than its sign. */

import { h } from "../dom.js";
import { lineLink } from "../output.js";
import { table } from "../time-panel.js";
import { agreementTable, remark, subjectOf, telling } from "./agreement.js";
import { OUTCOMES, outcomeText } from "./paths.js";

/** @typedef {import("../types").Verdict} Verdict */

/** @param {Verdict[]} alike */
function note(alike) {
  const { one, where, message } = remark(alike);
  const { outcome, line } = one;
  const what = h("span", { class: `verdict ${outcome}` }, outcomeText(outcome));
  const name = h("strong", {}, subjectOf(one));
  return h(
    "li",
    {},
    h("p", {}, name, ": ", what, ` (${where})`, line ? " · " : null, line ? lineLink(line) : null),
    message ? h("pre", { class: "message" }, message) : null,
  );
}

/** @param {Verdict[]} verdicts @returns {Node[]} */
export function agreement(verdicts) {
  const { title, heads, rows } = agreementTable(verdicts);
  const notes = telling(verdicts);
  const list = notes.length ? h("ul", { class: "notes" }, ...notes.map(note)) : null;
  const body = rows.map((row) => row.map(colored));
  return [...(rows.length ? [table(title, heads, body)] : []), ...(list ? [list] : [])];
}

/** @param {string} text */
function colored(text) {
  const outcome = OUTCOMES.find((one) => outcomeText(one) === text);
  return outcome ? h("span", { class: `verdict ${outcome}` }, text) : text;
}
