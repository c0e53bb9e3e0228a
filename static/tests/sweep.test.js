import assert from "node:assert/strict";
import { test } from "node:test";
import { facets, overtakings, overtakingText, sweepTable } from "../src/charts/sweep.js";
import { setWords } from "../src/words.js";
import { benchmark, NETWORK, verdict, WORDS } from "./recorded.js";

setWords(WORDS);

/** @param {string} path @param {(batch: number) => number} time @param {Record<string, number>} [more] */
const swept = (path, time, more = {}) =>
  [1, 4, 16, 64].map((batch) => benchmark(path, time(batch), { parameters: { batch, ...more } }));

const POINTS = [...swept("eager", (batch) => 1000 * batch), ...swept("compile", () => 8000)];

test("a comparison without a sweep has none", () => assert.deepEqual(facets(NETWORK, []), []));

test("one parameter makes one chart, a second one a chart for each of its values", () => {
  assert.equal(facets(POINTS, []).length, 1);
  const two = [16, 1024].flatMap((width) => swept("eager", (batch) => batch * width, { width }));
  const found = facets(two, []);
  assert.deepEqual(
    found.map(({ name, second, value, benchmarks }) => [name, second, value, benchmarks.length]),
    [
      ["batch", "width", 16, 4],
      ["batch", "width", 1024, 4],
    ],
  );
});

test("where a path overtakes eager is said with the place", () => {
  const [facet] = facets(POINTS, []);
  assert.ok(facet);
  const found = overtakings(facet);
  assert.deepEqual(
    found.map(({ path, faster }) => [path, faster]),
    [["compile", true]],
  );
  assert.ok(Math.abs((found[0]?.at[0] ?? 0) - 8) < 1e-9);
  assert.equal(
    overtakingText(/** @type {any} */ (found[0]), facet),
    "torch.compile is faster than eager from batch ≈ 8 on",
  );
});

test("falling behind is no overtaking", () => {
  const [facet] = facets([...swept("eager", () => 8000), ...swept("script", (batch) => 1000 * batch)], []);
  assert.ok(facet);
  assert.deepEqual(
    overtakings(facet).map((one) => overtakingText(one, facet)),
    ["script is slower than eager from batch ≈ 8 on"],
  );
});

test("the table has a row for each value, with the fastest marked and every verdict", () => {
  const verdicts = [
    verdict("compile", "differs", { parameters: { batch: 4 } }),
    verdict("export", "failed", { parameters: { batch: 1 } }),
  ];
  const [facet] = facets(POINTS, verdicts);
  assert.ok(facet);
  const { heads, rows } = sweepTable(facet);
  assert.deepEqual(heads, ["batch", "eager", "torch.compile", "export"]);
  assert.deepEqual(rows, [
    ["1", "▸ 1.00 µs ± 10 ns", "8.00 µs ± 80 ns", "✗ failed"],
    ["4", "▸ 4.00 µs ± 40 ns", "8.00 µs ± 80 ns ≠ differs", "–"],
    ["16", "16.0 µs ± 160 ns", "▸ 8.00 µs ± 80 ns", "–"],
    ["64", "64.0 µs ± 640 ns", "▸ 8.00 µs ± 80 ns", "–"],
  ]);
});
