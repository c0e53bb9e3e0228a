/** Time per call of each path: bars with intervals, and all that was measured beside them. */

import { count, duration } from "../format.js";
import { named, t } from "../words.js";
import { bars } from "./bars.js";
import { tableOf, valuesOf } from "./columns.js";
import { interval, isReference, parameters } from "./paths.js";

/** @typedef {import("../types").Benchmark} Benchmark */
/** @typedef {import("./series.js").Style} Style */

/** @param {number | null | undefined} ns */
const known = (ns) => (ns ? duration(ns) : null);

/** @param {Benchmark} one */
export const spread = (one) => `${duration(one.median_ns)} ± ${duration(one.iqr_ns / 2)}`;

/** @param {[number, number] | null | undefined} pair */
const range = (pair) => (pair ? `${duration(pair[0])} – ${duration(pair[1])}` : null);

/** @param {Benchmark} one */
function paysAfter(one) {
  const { break_even_calls } = one;
  if (isReference(one)) return "–";
  if (break_even_calls == null) return t("never");
  return break_even_calls <= 1 ? t("atOnce") : t("calls", { n: count(break_even_calls) });
}

/** @returns {import("./columns.js").Column<Benchmark>[]} */
const columns = () => [
  { head: t("path"), cell: ({ path }) => named("path", path) },
  { head: t("median"), cell: spread },
  { head: t("confidence"), cell: ({ interval_ns }) => range(interval_ns) },
  { head: t("breakEven"), cell: paysAfter },
  { head: t("compileTime"), cell: ({ compile_ns }) => known(compile_ns) },
  { head: t("importTime"), cell: ({ import_ns }) => known(import_ns) },
  { head: t("firstCall"), cell: ({ first_call_ns }) => duration(first_call_ns) },
  { head: t("spread"), cell: ({ stable }) => (stable ? t("steady") : `⚠ ${t("unsteady")}`) },
  { head: t("runsHead"), cell: ({ runs, number_per_run }) => `${count(runs)} × ${count(number_per_run)}` },
  { head: t("threads"), cell: ({ threads }) => (threads ? count(threads) : null) },
  { head: t("noop"), cell: ({ noop_ns }) => known(noop_ns) },
  { head: t("instructions"), cell: ({ instructions }) => (instructions ? count(instructions) : null) },
];

/** @param {Benchmark[]} benchmarks */
export const speedTable = (benchmarks) => tableOf(t("benchmarks"), columns(), benchmarks);

/** @type {[string, (one: Benchmark) => import("./csv.js").Cell][]} */
export const VALUES = [
  ["path", ({ path }) => path],
  ["median_ns", ({ median_ns }) => median_ns],
  ["q1_ns", ({ quartiles_ns }) => quartiles_ns?.[0]],
  ["q3_ns", ({ quartiles_ns }) => quartiles_ns?.[1]],
  ["iqr_ns", ({ iqr_ns }) => iqr_ns],
  ["low_ns", ({ interval_ns }) => interval_ns?.[0]],
  ["high_ns", ({ interval_ns }) => interval_ns?.[1]],
  ["compile_ns", ({ compile_ns }) => compile_ns],
  ["import_ns", ({ import_ns }) => import_ns],
  ["first_call_ns", ({ first_call_ns }) => first_call_ns],
  ["break_even_calls", ({ break_even_calls }) => break_even_calls],
  ["stable", ({ stable }) => String(stable)],
  ["runs", ({ runs }) => runs],
  ["number_per_run", ({ number_per_run }) => number_per_run],
  ["threads", ({ threads }) => threads],
  ["noop_ns", ({ noop_ns }) => noop_ns],
  ["instructions", ({ instructions }) => instructions],
  ["disturbance", ({ disturbance }) => disturbance],
];

/** @param {Benchmark[]} benchmarks @param {(path: string) => Style} styleOf @returns {import("./figure.js").Content} */
export function speed(benchmarks, styleOf) {
  const rows = benchmarks.map((one) => ({
    name: named("path", one.path),
    style: styleOf(one.path),
    value: one.median_ns,
    interval: interval(one),
    steady: one.stable,
  }));
  return {
    title: t("benchmarks"),
    about: t("speedAbout"),
    file: "time-per-call",
    draw: (width) => bars(rows, { width, title: t("benchmarks") }),
    data: valuesOf(VALUES, benchmarks),
    table: speedTable(benchmarks),
  };
}

/** What was seen where times would not settle. @param {Benchmark[]} benchmarks */
export function disturbances(benchmarks) {
  return benchmarks
    .filter(({ stable }) => !stable)
    .map((one) => {
      const name = [named("path", one.path), parameters(one)].filter(Boolean).join(", ");
      return t("disturbed", { path: name, what: one.disturbance || t("disturbedUnknown") });
    });
}
