import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, linear, logarithmic } from "../src/charts/scale.js";

test("a linear scale starts at zero and has round ticks", () => {
  const scale = linear(91_000, [100, 500]);
  assert.equal(scale.place(0), 100);
  assert.equal(scale.place(91_000), 500);
  assert.deepEqual(scale.ticks, [0, 20_000, 40_000, 60_000, 80_000]);
});

test("nothing at all still has a scale", () => {
  const scale = linear(0, [0, 100]);
  assert.ok(Number.isFinite(scale.place(0)));
  assert.ok(scale.ticks.length > 0);
});

test("a logarithmic scale gives each decade the same room, and finds back", () => {
  const scale = logarithmic([1, 1000], [0, 300]);
  assert.ok(Math.abs(scale.place(10) - 100) < 1e-9);
  assert.ok(Math.abs(scale.place(100) - 200) < 1e-9);
  assert.ok(Math.abs(scale.value(150) - 10 ** 1.5) < 1e-9);
});

test("ticks become fewer where there is less room", () => {
  assert.deepEqual(logarithmic([1, 100], [0, 1], 7).ticks, [1, 2, 5, 10, 20, 50, 100]);
  assert.deepEqual(logarithmic([1, 100], [0, 1], 5).ticks, [1, 3, 10, 30, 100]);
  assert.deepEqual(logarithmic([1, 1e6], [0, 1], 7).ticks, [1, 10, 100, 1e3, 1e4, 1e5, 1e6]);
  assert.deepEqual(logarithmic([1, 1e9], [0, 1], 4).ticks, [1, 1e3, 1e6, 1e9]);
});

test("ticks stay within the domain", () => {
  const { ticks } = logarithmic([37, 812], [0, 1], 8);
  assert.deepEqual(ticks, [50, 100, 200, 500]);
});

test("one value alone has a scale around it", () => {
  const scale = logarithmic(extent([64]), [0, 100]);
  assert.ok(Math.abs(scale.place(64) - 50) < 1e-9);
});

test("what is not above zero has no place on a logarithmic axis", () => {
  assert.deepEqual(extent([0, -5, 3, 30]), [3, 30]);
  assert.deepEqual(extent([]), [1, 10]);
  assert.deepEqual(extent([10], 2), [5, 20]);
});
