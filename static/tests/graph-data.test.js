import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting, isMirrored, kindOf, nodesOf, placeFor, rows, shorten, widthOf } from "../src/graph-data.js";

/** @param {string} level @param {import("../src/types").GraphNode[]} [nodes] @param {[string, string][]} [edges] */
const graph = (level, nodes = [], edges = []) => ({ type: /** @type {const} */ ("graph"), level, nodes, edges });

const ADD = graph(
  "program",
  [
    { id: "n0", label: "a = 1", op: "name", line: 3, kind: "value" },
    { id: "n1", label: "add", op: "call", line: 5, kind: "operation" },
    { id: "n2", label: "print", op: "call", line: 5, kind: "output" },
  ],
  [
    ["n0", "n1"],
    ["n1", "n2"],
    ["n9", "n2"],
  ],
);

test("what flows into a node is said by labels", () => {
  assert.deepEqual(
    rows(ADD).map(({ node, from }) => [node.label, from]),
    [
      ["a = 1", []],
      ["add", ["a = 1"]],
      ["print", ["add", "n9"]],
    ],
  );
});

test("a line has its nodes, and none has none", () => {
  assert.deepEqual([...nodesOf(ADD, 5)], ["n1", "n2"]);
  assert.deepEqual([...nodesOf(ADD, null)], []);
  assert.deepEqual([...nodesOf(graph("ast", [{ id: "x", label: "x", op: "x", line: null }]), null)], []);
});

test("graphs of compilers have kinds too", () => {
  assert.equal(kindOf({ id: "x", label: "x", op: "placeholder" }), "value");
  assert.equal(kindOf({ id: "x", label: "x", op: "output", kind: "operation" }), "output");
  assert.equal(kindOf({ id: "x", label: "x", op: "call_function" }), "operation");
  assert.equal(kindOf({ id: "x", label: "x", op: "loop", kind: "merge" }), "merge");
});

test("forms of the program stand in the order of the passes, other graphs behind them as they come", () => {
  /** @type {import("../src/types").Graph[]} */
  const all = [];
  for (const level of ["dynamo_graph", "released", "program", "aot_forward", "folded", "inlined", "program"]) {
    const one = graph(level);
    all.splice(placeFor(all, one), 0, one);
  }
  assert.deepEqual(
    all.map(({ level }) => level),
    ["program", "program", "inlined", "folded", "released", "dynamo_graph", "aot_forward"],
  );
});

test("labels are shortened by characters, wide ones take more room", () => {
  assert.equal(shorten("short"), "short");
  assert.equal(shorten("😀".repeat(40), 5), "😀😀😀😀…");
  assert.ok(widthOf("程序") > widthOf("ab"));
});

test("a drawing is made smaller to fit, never larger", () => {
  assert.deepEqual(fitting({ width: 200, height: 100 }, { width: 400, height: 100 }), { scale: 1, x: 100, y: 0 });
  assert.deepEqual(fitting({ width: 800, height: 100 }, { width: 400, height: 100 }), { scale: 0.5, x: 0, y: 25 });
});

test("a layout that runs against the reader is told from one that does not", () => {
  const row = (/** @type {number[]} */ xs) => xs.map((x) => ({ x, y: 10 }));
  assert.equal(isMirrored(row([1, 2, 3])), false);
  assert.equal(isMirrored(row([3, 2, 1])), true);
  assert.equal(
    isMirrored([
      { x: 5, y: 1 },
      { x: 1, y: 2 },
    ]),
    false,
  );
});
