/** Does each way of running the program agree with the first, and how fast is each? */

import { h } from "./dom.js";
import { count, duration, error } from "./format.js";
import { table } from "./time-panel.js";
import { named, t } from "./words.js";

/** @typedef {import("./types").Verdict} Verdict */
/** @typedef {import("./types").Benchmark} Benchmark */

/** @type {Record<string, string>} */
const SIGNS = { same: "=", close: "≈", differs: "≠", failed: "✗", nondeterministic: "?" };

/** @param {Verdict} verdict */
function verdictRow({ subject, against, outcome, max_abs_error, max_rel_error, stage, message }) {
  const sign = h("span", { class: `verdict ${outcome}` }, `${SIGNS[outcome] ?? ""} ${named("outcome", outcome)}`);
  const at = stage ? t("atStage", { stage: named("stage", stage) }) : "";
  const number = (/** @type {number | null | undefined} */ value) => (value == null ? "–" : error(value));
  return [
    named("path", subject),
    named("path", against),
    sign,
    number(max_abs_error),
    number(max_rel_error),
    [at, message].filter(Boolean).join(" "),
  ];
}

/** @param {Benchmark} one */
function benchmarkRow({
  path,
  compile_ns,
  first_call_ns,
  median_ns,
  iqr_ns,
  runs,
  number_per_run,
  stable,
  break_even_calls,
}) {
  const steady = stable ? t("steady") : t("unsteady");
  const pays =
    path === "eager" ? "–" : break_even_calls == null ? t("never") : t("calls", { n: count(break_even_calls) });
  return [
    named("path", path),
    `${duration(median_ns)} ± ${duration(iqr_ns / 2)}`,
    duration(compile_ns),
    duration(first_call_ns),
    pays,
    h("span", { class: stable ? "" : "unsteady" }, steady),
    `${count(runs)} × ${count(number_per_run)}`,
  ];
}

export class ComparePanel extends HTMLElement {
  /** @param {import("./session.js").Session} session */
  connect(session) {
    session.addEventListener("reset", () => this.#draw(session.state));
    session.addEventListener("told", (event) => {
      const { type } = /** @type {CustomEvent<import("./types").RunEvent>} */ (event).detail;
      if (type === "verdict" || type === "benchmark") this.#draw(session.state);
    });
  }

  /** @param {import("./types").RunState} state */
  #draw({ verdicts, benchmarks }) {
    const parts = [];
    if (verdicts.length) {
      const heads = ["subject", "against", "outcome", "absError", "relError", "note"].map((key) => t(key));
      parts.push(table(t("verdicts"), heads, verdicts.map(verdictRow)));
    }
    if (benchmarks.length) {
      const heads = ["path", "median", "compileTime", "firstCall", "breakEven", "spread", "runsHead"].map((key) =>
        t(key),
      );
      parts.push(table(t("benchmarks"), heads, benchmarks.map(benchmarkRow)));
    }
    this.replaceChildren(...(parts.length ? parts : [h("p", { class: "quiet" }, t("noVerdicts"))]));
  }
}
