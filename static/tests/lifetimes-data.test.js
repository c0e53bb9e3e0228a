import assert from "node:assert/strict";
import { test } from "node:test";
import { bar, charted, forms, lastLine, nameOf, ticks } from "../src/lifetimes-data.js";

/** @param {Partial<import("../src/types").Lifetime>} [some] @returns {import("../src/types").Lifetime} */
const life = (some = {}) => ({
  type: "lifetime",
  level: "program",
  scope: "<module>",
  name: "x",
  first: 2,
  last: 4,
  ends: "left",
  ...some,
});

test("lives are gathered by form and program, in the order of the passes, with what was held", () => {
  const memory = { type: /** @type {const} */ ("memory"), level: "released", peak_bytes: 9 };
  const all = forms([life({ level: "released" }), life(), life({ title: "Program 2" }), life({ name: "y" })], [memory]);
  assert.deepEqual(
    all.map(({ level, title, lives, memory }) => [level, title, lives.length, memory?.peak_bytes]),
    [
      ["program", "", 2, undefined],
      ["program", "Program 2", 1, undefined],
      ["released", "", 1, 9],
    ],
  );
  assert.equal(lastLine(all), 4);
});

test("a bar is filled to the last use and held to the end", () => {
  assert.deepEqual(bar(life({ last_use: 3 }), 4), { from: 0.25, needed: 0.75, to: 1 });
  assert.deepEqual(bar(life({ last_use: null }), 4), { from: 0.25, needed: 0.5, to: 1 });
  assert.deepEqual(bar(life({ first: 1, last: 1, last_use: 1 }), 1), { from: 0, needed: 1, to: 1 });
});

test("an axis has no more numbers than can be read", () => {
  assert.deepEqual(ticks(4, 10), [1, 2, 3, 4]);
  assert.deepEqual(ticks(20, 5), [1, 5, 10, 15, 20]);
  assert.ok(ticks(2_000, 12).length <= 13);
});

test("when there are too many, those that hold most are charted, in their order", () => {
  const lives = [life({ name: "a" }), life({ name: "b", held_bytes: 5 }), life({ name: "c", held_bytes: 9 })];
  assert.deepEqual(
    charted(lives, 2).map(({ name }) => name),
    ["b", "c"],
  );
});

test("names of functions say whose they are", () => {
  assert.equal(nameOf(life()), "x");
  assert.equal(nameOf(life({ scope: "f.<locals>.g" })), "f.<locals>.g.x");
});
