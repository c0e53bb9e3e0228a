import assert from "node:assert/strict";
import { test } from "node:test";
import { eventsOf, fresh, reduce, total } from "../src/run-state.js";

const program = {
  source: "print(1)",
  mode: /** @type {const} */ ("imperative"),
  device: "cpu",
  stdin: null,
  options: {},
};
const environment = { python: "3.11", torch: "2.13", device: "cpu", device_name: "", threads: 1, isolation: [] };

function after(...events) {
  const state = fresh(program);
  for (const event of events) reduce(state, event);
  return state;
}

test("a run goes from accepted over started to finished", () => {
  const state = after({ type: "accepted", run_id: "r", position: 2 });
  assert.deepEqual([state.phase, state.runId, state.position], ["queued", "r", 2]);
  reduce(state, { type: "started", environment });
  assert.equal(state.phase, "running");
  reduce(state, { type: "finished", status: "ok", timings: {}, peak_rss_bytes: 0 });
  assert.equal(state.phase, "finished");
});

test("a stage that did not end keeps its place without a time", () => {
  const state = after(
    { type: "stage", name: "build", phase: "begin" },
    { type: "stage", name: "build", phase: "end", wall_ns: 5, cpu_ns: 4 },
    { type: "stage", name: "execute", phase: "begin" },
    { type: "finished", status: "timeout", timings: { build: 5 }, peak_rss_bytes: 0 },
  );
  assert.deepEqual(state.stages, [
    { name: "build", running: false, wall_ns: 5, cpu_ns: 4 },
    { name: "execute", running: false, wall_ns: null, cpu_ns: null },
  ]);
  assert.equal(total(state), 5);
});

test("turns of a stage are added up, and one that was cut short stays apart", () => {
  const turn = (name, wall_ns) => [
    { type: "stage", name, phase: "begin" },
    { type: "stage", name, phase: "end", wall_ns, cpu_ns: 1 },
  ];
  const state = after(...turn("g++", 5), ...turn("inductor", 2), ...turn("g++", 4), {
    type: "stage",
    name: "g++",
    phase: "begin",
  });
  assert.deepEqual(
    state.stages.map(({ name, running, wall_ns }) => [name, running, wall_ns]),
    [
      ["g++", false, 9],
      ["inductor", false, 2],
      ["g++", true, null],
    ],
  );
});

test("findings of every kind are gathered where the panels look for them", () => {
  const state = after(
    { type: "diagnostic", kind: "graph_break", message: "m" },
    { type: "verdict", subject: "a", against: "b", outcome: "same" },
    { type: "output", stream: "stdout", text: "x" },
  );
  assert.deepEqual([state.findings.length, state.verdicts.length, state.outputs], [1, 1, 1]);
});

test("a recorded result tells the same story as the run did", () => {
  const result = {
    run_id: "r",
    status: "ok",
    environment,
    output: [{ stream: "stdout", text: "10\n" }],
    error: null,
    timings: { execute: 7 },
    peak_rss_bytes: 9,
    ...Object.fromEntries(
      ["displays", "code", "graphs", "diagnostics", "statements", "benchmarks", "verdicts", "artifacts"].map((name) => [
        name,
        [],
      ]),
    ),
  };
  const state = after(...eventsOf(/** @type {any} */ (result)));
  assert.deepEqual([state.phase, state.outputs, state.finished?.peak_rss_bytes, total(state)], ["finished", 1, 9, 7]);
  assert.equal(state.environment, environment);
});
