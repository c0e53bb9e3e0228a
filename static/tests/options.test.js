import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints } from "../src/options.js";
import { same } from "../src/program.js";

const problem = (/** @type {{field: string, message: string}[]} */ errors) => ({
  title: "",
  status: 422,
  detail: "",
  errors,
});

test("what was refused is said at its field", () => {
  const found = complaints(
    problem([
      { field: "options.sweep", message: "gives batch no values" },
      { field: "source", message: "is long" },
    ]),
  );
  assert.deepEqual([...found], [["sweep", "gives batch no values"]]);
});

test("a part of a field is the field's, and what is about several is said at the one that is named first", () => {
  const about = "options.inputs needs options.target: the arguments of which callable?";
  assert.deepEqual(
    [...complaints(problem([{ field: "options.compilers.0", message: "is none" }]))],
    [["compilers", "is none"]],
  );
  assert.deepEqual([...complaints(problem([{ field: "request", message: about }]))], [["inputs", about]]);
});

test("no problem, no complaint", () => assert.equal(complaints(null).size, 0));

test("what is off is the same as what was not said; what torch would decide is not", () => {
  const program = { source: "x", mode: /** @type {const} */ ("compare"), device: "cpu", stdin: null, options: {} };
  assert.ok(same(program, { ...program, options: { profile: false, fullgraph: false } }));
  assert.ok(!same(program, { ...program, options: { dynamic: false } }));
  assert.ok(!same(program, { ...program, options: { strict: false } }));
});
