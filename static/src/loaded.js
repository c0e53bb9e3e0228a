/** Programs that the snippet saved, run by libtorch in a process without Python, beside Python's own times. */

import { h } from "./dom.js";
import { duration, size } from "./format.js";
import { lineLink } from "./output.js";
import { table } from "./time-panel.js";
import { named, t } from "./words.js";

/** @typedef {import("./types").Loaded} Loaded */
/** @typedef {import("./types").RunState} RunState */

/** Whether the outputs are those of Python. @param {RunState} state @param {Loaded} one */
function outcome({ verdicts }, { name }) {
  const verdict = verdicts.find(({ subject }) => subject === `libtorch: ${name}`);
  return verdict ? h("span", { class: `verdict ${verdict.outcome}` }, named("outcome", verdict.outcome)) : "–";
}

/** The libraries that the process had mapped, to be read by whoever doubts. @param {Loaded} one */
function proof({ python_free, libraries }) {
  const summary = h("summary", {}, t(python_free ? "pythonFree" : "pythonThere"));
  return h("details", {}, summary, h("ul", {}, ...libraries.map((name) => h("li", {}, h("code", {}, name)))));
}

/** @param {Loaded} one */
const name = (one) => h("span", {}, h("code", {}, one.name), " ", one.line ? lineLink(one.line) : "");

/** @param {Loaded} one */
function sizes({ size_bytes, package_bytes }) {
  const from = size(size_bytes);
  return package_bytes ? t("compiledTo", { from, to: size(package_bytes) }) : from;
}

/** @param {number} ns @param {number} python_ns */
const beside = (ns, python_ns) => t("besidePython", { time: duration(ns), python: duration(python_ns) });

/** A column for each file: there are few, and much to say of each. @param {RunState} state */
export function withoutPython(state) {
  /** @type {[string, (one: Loaded) => Node | string][]} */
  const facts = [
    ["kindHead", (one) => named("kind", one.kind)],
    ["outputsHead", (one) => outcome(state, one)],
    ["size", sizes],
    ["compileTime", (one) => (one.compile_ns ? duration(one.compile_ns) : "–")],
    ["loadTime", (one) => beside(one.load_ns, one.python_load_ns)],
    ["callTime", (one) => beside(one.median_ns, one.python_median_ns)],
    ["libraries", proof],
  ];
  const whole = table(
    t("withoutPython"),
    [t("file")],
    facts.map(([key, say]) => [t(key), ...state.loaded.map(say)]),
  );
  whole.querySelector("thead tr")?.append(...state.loaded.map((one) => h("th", { scope: "col" }, name(one))));
  return whole;
}
