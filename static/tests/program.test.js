import assert from "node:assert/strict";
import { test } from "node:test";
import { same } from "../src/program.js";

const program = { source: "x", mode: /** @type {const} */ ("hybrid"), device: "cpu", stdin: null, options: {} };

test("programs are the same whatever was left out, null or in another order", () => {
  const spelled = { ...program, stdin: "", options: { target: null, threads: null } };
  assert.ok(same(program, /** @type {any} */ (spelled)));
  assert.ok(
    same({ ...program, options: { threads: 1, target: "f" } }, { ...program, options: { target: "f", threads: 1 } }),
  );
});

test("programs differ by source, mode, device, input and options", () => {
  for (const change of [
    { source: "y" },
    { mode: "compare" },
    { device: "cuda" },
    { stdin: "1" },
    { options: { threads: 2 } },
  ]) {
    assert.ok(!same(program, /** @type {any} */ ({ ...program, ...change })), JSON.stringify(change));
  }
});
