/** Time per call over a range of a parameter: one chart for each value of a second one, all on one scale. */

import { compact, count, duration, tick } from "../format.js";
import { named, t } from "../words.js";
import { valuesOf } from "./columns.js";
import { crossings } from "./curve.js";
import { lines } from "./lines.js";
import { interval, isReference, judged, outcomeText, parameters, SIGNS, swept, unique } from "./paths.js";
import { extent } from "./scale.js";
import { spread, VALUES } from "./speed.js";

/** @typedef {import("../types").Benchmark} Benchmark */
/** @typedef {import("../types").Verdict} Verdict */
/** @typedef {import("./series.js").Style} Style */
/** @typedef {{name: string, second: string | null, value: number | null, benchmarks: Benchmark[], verdicts: Verdict[]}} Facet */

/** @param {{parameters?: Record<string, number>}} one @param {string | null} name */
const at = ({ parameters }, name) => (name === null ? null : (parameters?.[name] ?? null));

/** One facet for each value of the second parameter, or one in all. @param {Benchmark[]} all @param {Verdict[]} judged @returns {Facet[]} */
export function facets(all, judged) {
  const benchmarks = all.filter(swept);
  const verdicts = judged.filter(swept);
  const events = [...benchmarks, ...verdicts];
  const [name, second = null] = unique(events.flatMap(({ parameters }) => Object.keys(parameters ?? {})));
  if (name === undefined) return [];
  const values = [...new Set(events.map((one) => at(one, second)))].sort((a, b) => (a ?? 0) - (b ?? 0));
  return values.map((value) => ({
    name,
    second,
    value,
    benchmarks: benchmarks.filter((one) => at(one, second) === value),
    verdicts: verdicts.filter((one) => at(one, second) === value),
  }));
}

/** @param {Facet} facet @param {string} path @returns {Benchmark[]} in the order of the parameter */
const series = ({ benchmarks, name }, path) =>
  benchmarks.filter((one) => one.path === path).sort((a, b) => (at(a, name) ?? 0) - (at(b, name) ?? 0));

/** @param {Facet} facet @param {string} path @returns {[number, number][]} */
const points = (facet, path) => series(facet, path).map((one) => [at(one, facet.name) ?? 0, one.median_ns]);

/** @param {Facet} facet @param {string} path @param {number} value */
const verdictAt = ({ verdicts, name }, path, value) =>
  judged(
    verdicts.filter((one) => at(one, name) === value),
    path,
  );

/** Only what is not as it should be is marked in the drawing; the table has all. @param {Facet} facet @param {string} path @param {number} value */
function signAt(facet, path, value) {
  const outcome = verdictAt(facet, path, value)?.outcome ?? "same";
  return outcome === "same" || outcome === "close" ? "" : (SIGNS.get(outcome) ?? "");
}

/** @param {Facet} facet */
const referenceOf = (facet) => facet.benchmarks.find(isReference)?.path;

/** Where paths overtake the reference, or fall behind it. @param {Facet} facet */
export function overtakings(facet) {
  const reference = referenceOf(facet);
  if (!reference) return [];
  const paths = unique(facet.benchmarks.map(({ path }) => path)).filter((path) => path !== reference);
  const theirs = points(facet, reference);
  const found = paths.flatMap((path) =>
    crossings(theirs, points(facet, path)).map((place) => {
      const after = points(facet, path).find(([value]) => value > place[0]);
      const beside = theirs.find(([value]) => value === after?.[0]);
      return { path, at: place, faster: Boolean(after && beside && after[1] < beside[1]) };
    }),
  );
  return found.sort((one, other) => one.at[0] - other.at[0]);
}

/** @param {Facet} facet */
export const facetTitle = ({ name, second, value }) =>
  second === null ? t("sweep", { name }) : t("sweepAt", { name, second, value: compact(value ?? 0) });

/** @param {ReturnType<typeof overtakings>[number]} one @param {Facet} facet */
export function overtakingText({ path, at: [place], faster }, facet) {
  const { name, second, value } = facet;
  const reference = named("path", referenceOf(facet) ?? "");
  const values = { path: named("path", path), reference, name, value: compact(place) };
  const said = t(faster ? "fasterFrom" : "slowerFrom", values);
  return second === null ? said : `${said} (${second} = ${compact(value ?? 0)})`;
}

/** @param {Facet} facet @param {(path: string) => Style} styleOf @param {[number, number]} yDomain @returns {import("./figure.js").Content} */
function figure(facet, styleOf, yDomain) {
  const { name, benchmarks } = facet;
  const paths = unique(benchmarks.map(({ path }) => path));
  const drawn = paths.map((path) => ({
    name: named("path", path),
    style: styleOf(path),
    points: points(facet, path),
    intervals: series(facet, path).map(interval),
    marked: true,
    signs: points(facet, path).map(([value]) => signAt(facet, path, value)),
  }));
  const crossed = overtakings(facet).map((one) => ({
    ...one,
    text: compact(one.at[0]),
    style: styleOf(one.path),
  }));
  const title = facetTitle(facet);
  const stops = [...new Set(benchmarks.map((one) => at(one, name) ?? 0))].sort((a, b) => a - b);
  return {
    title,
    file: `sweep-${name}`,
    draw: (width) => lines(drawn, crossed, { width, title, across: name, xWords: compact, yWords: tick, yDomain }),
    readout: { stops, words: (value) => reading(facet, paths, value) },
    data: valuesOf([["parameters", parameters], ...VALUES, ["outcome", outcomeOf(facet)]], benchmarks),
    table: sweepTable(facet),
  };
}

/** @param {Facet} facet @returns {(one: Benchmark) => string | undefined} */
const outcomeOf = (facet) => (one) => verdictAt(facet, one.path, at(one, facet.name) ?? 0)?.outcome;

/** @param {Facet} facet @param {string[]} paths @param {number} value */
function reading(facet, paths, value) {
  const values = paths.flatMap((path) =>
    points(facet, path)
      .filter(([where]) => where === value)
      .map(([, ns]) => `${named("path", path)} ${duration(ns)}`),
  );
  return t("reading", { at: `${facet.name} = ${count(value)}`, values: values.join(" · ") });
}

/** A row for each value, a column for each path: its time, its verdict, and which is the fastest. @param {Facet} facet @returns {import("./columns.js").Table} */
export function sweepTable(facet) {
  const { name, benchmarks, verdicts } = facet;
  const paths = unique([...benchmarks.map(({ path }) => path), ...verdicts.map(({ subject }) => subject)]);
  const values = unique([...benchmarks, ...verdicts].map((one) => String(at(one, name) ?? 0))).map(Number);
  const rows = values
    .sort((a, b) => a - b)
    .map((value) => {
      const here = benchmarks.filter((one) => at(one, name) === value);
      const least = Math.min(...here.map(({ median_ns }) => median_ns));
      const cells = paths.map((path) => {
        const one = here.find((found) => found.path === path);
        const verdict = verdictAt(facet, path, value);
        const time = one ? `${one.median_ns === least && here.length > 1 ? "▸ " : ""}${spread(one)}` : "";
        const said = verdict ? outcomeText(verdict.outcome) : "";
        return [time, said].filter(Boolean).join(" ") || "–";
      });
      return [count(value), ...cells];
    });
  return { title: facetTitle(facet), heads: [name, ...paths.map((path) => named("path", path))], rows };
}

/** @param {Benchmark[]} benchmarks @param {Verdict[]} verdicts @param {(path: string) => Style} styleOf */
export function sweeps(benchmarks, verdicts, styleOf) {
  const all = facets(benchmarks, verdicts);
  const yDomain = extent(
    all.flatMap((facet) => facet.benchmarks.flatMap(interval)),
    1.15,
  );
  return all.map((facet) => figure(facet, styleOf, yDomain));
}
