import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, crossings, measured, places, reach, totalAt } from "../src/charts/curve.js";
import { benchmark, NETWORK } from "./recorded.js";

const curved = benchmark("trace", 10, {
  compile_ns: 1000,
  first_call_ns: 500,
  measured_calls: 100,
  curve: [
    [0, 1000],
    [1, 1500],
    [11, 1700],
    [100, 2600],
    [1000, 11_600],
  ],
});

test("between what was measured a total is read off, after it goes on with the median", () => {
  assert.equal(totalAt(curved, 1), 1500);
  assert.equal(totalAt(curved, 6), 1600);
  assert.equal(totalAt(curved, 11), 1700);
  assert.equal(totalAt(curved, 2000), 11_600 + 1000 * 10);
});

test("without a curve it is compiling, the first call, and the median for the others", () => {
  const plain = benchmark("script", 10, { compile_ns: 1000, import_ns: 200, first_call_ns: 500 });
  assert.deepEqual(measured(plain), [[1, 1700]]);
  assert.equal(totalAt(plain, 101), 1700 + 100 * 10);
});

test("what was counted call by call is told from what was computed", () => {
  assert.equal(counted(curved), 100);
  assert.equal(counted(benchmark("script", 10)), 1);
});

test("a curve never falls", () => {
  for (const one of [curved, ...NETWORK]) {
    const totals = places(one, 1e6).map((at) => totalAt(one, at));
    assert.ok(
      totals.every((total, index) => total >= (totals[index - 1] ?? 0)),
      one.path,
    );
  }
});

test("the chart reaches past each crossing that is near enough", () => {
  assert.equal(reach(NETWORK), 14_700);
  assert.equal(reach([benchmark("aoti", 1, { break_even_calls: 1e12 })]), 1000);
});

test("places begin at the first call, end at the last, and ascend", () => {
  const found = places(curved, 5000);
  assert.equal(found[0], 1);
  assert.equal(found.at(-1), 5000);
  assert.deepEqual(
    found,
    [...new Set(found)].sort((a, b) => a - b),
  );
});

test("at the break-even both paths have taken as long", () => {
  const [eager, script] = [
    benchmark("eager", 100, { first_call_ns: 100 }),
    benchmark("script", 50, { compile_ns: 950, first_call_ns: 100 }),
  ];
  assert.equal(totalAt(eager, 20), totalAt(script, 20));
});

test("a crossing is found between points, on logarithmic axes", () => {
  const found = crossings(
    [
      [1, 10],
      [100, 1000],
    ],
    [
      [1, 100],
      [100, 100],
    ],
  );
  assert.equal(found.length, 1);
  const [at, value] = /** @type {[number, number]} */ (found[0]);
  assert.ok(Math.abs(at - 10) < 1e-9);
  assert.ok(Math.abs(value - 100) < 1e-9);
});

test("lines that never meet, or share no point, do not cross", () => {
  const line = /** @type {[number, number][]} */ ([
    [1, 10],
    [10, 20],
  ]);
  assert.deepEqual(
    crossings(
      line,
      line.map(([x, y]) => [x, 2 * y]),
    ),
    [],
  );
  assert.deepEqual(crossings(line, [[5, 1]]), []);
});
