import assert from "node:assert/strict";
import { test } from "node:test";
import { completeEvents } from "../src/trace.js";

const EVENT = { ph: "X", name: "aten::mm", ts: 1.5, dur: 2, pid: 1, tid: 1 };

test("of a trace as torch writes it only complete events of one thread are kept", () => {
  const trace = {
    schemaVersion: 1,
    traceEvents: [
      { ...EVENT, cat: "cpu_op", args: { Sequence: 1 } },
      { ...EVENT, ph: "M" },
      { ...EVENT, ph: "s", id: 1 },
      { ...EVENT, pid: "Spans" },
      { ...EVENT, tid: "PyTorch Profiler" },
      { ...EVENT, dur: undefined },
      null,
    ],
  };
  assert.deepEqual(completeEvents(JSON.stringify(trace)), [EVENT]);
});

test("a bare list is a trace too", () => assert.deepEqual(completeEvents(JSON.stringify([EVENT])), [EVENT]));

test("what is no trace holds nothing to draw", () => {
  for (const text of ["{}", "1", "null", '{"traceEvents": 3}']) assert.deepEqual(completeEvents(text), []);
  assert.throws(() => completeEvents("no JSON"), SyntaxError);
});
