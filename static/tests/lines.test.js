import assert from "node:assert/strict";
import { test } from "node:test";
import {
  colorOf,
  colorsBySource,
  linesAt,
  linesFor,
  sourcesByLine,
  stretchesOf,
  toCharacters,
  toIndex,
} from "../src/lines.js";

const code = {
  type: /** @type {const} */ ("code"),
  level: "bytecode",
  title: "",
  language: "",
  text: "",
  map: /** @type {[number, number, number, number][]} */ ([
    [1, 4, 1, 6],
    [2, 2, 2, 3],
    [4, 4, 5, 5],
  ]),
  columns: /** @type {[number, number, number, number, number, number][]} */ ([
    [2, 0, 2, 12, 2, 3],
    [2, 4, 2, 9, 3, 3],
  ]),
};

test("a line of code belongs to the closest source lines that name it", () => {
  const sources = sourcesByLine(code);
  assert.deepEqual(
    [sources.get(1), sources.get(2), sources.get(5), sources.get(7)],
    [[[1, 4]], [[2, 2]], [[4, 4]], undefined],
  );
});

test("what was fused from several lines belongs to all of them, the first named first", () => {
  const fused = {
    ...code,
    map: /** @type {[number, number, number, number][]} */ ([
      [7, 7, 1, 2],
      [3, 3, 1, 2],
    ]),
  };
  assert.deepEqual(sourcesByLine(fused).get(2), [
    [7, 7],
    [3, 3],
  ]);
  assert.deepEqual([...linesFor(fused, 3)], [1, 2]);
  assert.deepEqual([...colorsBySource(fused).keys()], [7, 3]);
});

test("a source line finds its lines of code, those of what is around it included", () => {
  assert.deepEqual([...linesFor(code, 2)].sort(), [1, 2, 3, 4, 6]);
  assert.deepEqual([...linesFor(code, 9)], []);
});

test("a place finds the smallest expression around it", () => {
  assert.deepEqual([...linesAt(code, 2, 5)], [3]);
  assert.deepEqual([...linesAt(code, 2, 1)], [2, 3]);
  assert.deepEqual([...linesAt(code, 3, 0)], []);
});

test("a line of code finds its characters", () => {
  assert.deepEqual(stretchesOf(code, 3), [
    { line: 2, from: 0, endLine: 2, to: 12 },
    { line: 2, from: 4, endLine: 2, to: 9 },
  ]);
});

test("colors are stable per source line, and neighbors differ", () => {
  assert.equal(colorOf(1), colorOf(9));
  assert.notEqual(colorOf(1), colorOf(2));
  assert.deepEqual(
    [...colorsBySource(code)],
    [
      [1, 0],
      [2, 1],
      [4, 3],
    ],
  );
});

test("columns count characters, whatever JavaScript counts", () => {
  assert.equal(toIndex("😀x", 1), 2);
  assert.equal(toCharacters("😀x", 2), 1);
});
