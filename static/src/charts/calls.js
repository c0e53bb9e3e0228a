/** Time of the first calls, compiling included: where does a path that was compiled first catch up? */

import { compact, count, duration, tick } from "../format.js";
import { named, t } from "../words.js";
import { counted, places, reach, totalAt } from "./curve.js";
import { lines } from "./lines.js";
import { isReference } from "./paths.js";

/** @typedef {import("../types").Benchmark} Benchmark */
/** @typedef {import("./series.js").Style} Style */

/** @param {Benchmark[]} benchmarks @param {(path: string) => Style} styleOf @returns {import("./figure.js").Content} */
export function calls(benchmarks, styleOf) {
  const last = reach(benchmarks);
  const drawn = benchmarks.map((one) => ({
    name: named("path", one.path),
    style: styleOf(one.path),
    points: places(one, last).map((at) => /** @type {[number, number]} */ ([at, totalAt(one, at)])),
    known: counted(one),
  }));
  const stops = [...new Set(benchmarks.flatMap((one) => places(one, last)))].sort((a, b) => a - b);
  return {
    title: t("curve"),
    about: t("curveAbout"),
    file: "first-calls",
    draw: (width) =>
      lines(drawn, crossed(benchmarks, styleOf, last), {
        width,
        title: t("curve"),
        across: t("numberOfCalls"),
        xWords: compact,
        yWords: tick,
      }),
    readout: { stops, words: (at) => reading(benchmarks, at) },
    data: {
      heads: ["path", "calls", "total_ns", "measured"],
      rows: benchmarks.flatMap((one) => {
        return places(one, last).map((at) => [one.path, at, Math.round(totalAt(one, at)), String(at <= counted(one))]);
      }),
    },
    table: callsTable(benchmarks),
    folded: true,
  };
}

/** @param {Benchmark[]} benchmarks @param {number} at */
const reading = (benchmarks, at) =>
  t("reading", {
    at: t("calls", { n: count(at) }),
    values: benchmarks.map((one) => `${named("path", one.path)} ${duration(totalAt(one, at))}`).join(" · "),
  });

/** @param {Benchmark[]} benchmarks @param {(path: string) => Style} styleOf @param {number} last @returns {import("./lines.js").Crossing[]} */
function crossed(benchmarks, styleOf, last) {
  return benchmarks.flatMap((one) => {
    const at = one.break_even_calls;
    if (isReference(one) || at == null || at < 1 || at > last) return [];
    return [
      { at: /** @type {[number, number]} */ ([at, totalAt(one, at)]), text: count(at), style: styleOf(one.path) },
    ];
  });
}

/** Totals at each power of ten. @param {Benchmark[]} benchmarks @returns {import("./columns.js").Table} */
export function callsTable(benchmarks) {
  const last = reach(benchmarks);
  const powers = Array.from({ length: Math.floor(Math.log10(last)) + 1 }, (_, index) => 10 ** index);
  return {
    title: t("curve"),
    heads: [t("numberOfCalls"), ...benchmarks.map(({ path }) => named("path", path))],
    rows: powers.map((at) => [count(at), ...benchmarks.map((one) => duration(totalAt(one, at)))]),
  };
}
