/** A run as the page knows it: its events, gathered as they come. */

/** @typedef {import("./types").RunState} RunState */
/** @typedef {import("./types").RunEvent} RunEvent */
/** @typedef {import("./types").Program} Program */
/** @typedef {import("./types").Result} Result */

/** @param {Program | null} program @param {boolean} [recorded] @returns {RunState} */
export function fresh(program, recorded = false) {
  return {
    phase: program ? "starting" : "idle",
    program,
    recorded,
    runId: null,
    position: 0,
    environment: null,
    stages: [],
    outputs: 0,
    code: [],
    graphs: [],
    findings: [],
    statements: [],
    benchmarks: [],
    verdicts: [],
    profiles: [],
    lifetimes: [],
    memory: [],
    compile_times: [],
    loaded: [],
    captured: null,
    artifacts: [],
    error: null,
    usage: null,
    finished: null,
    problem: null,
  };
}

/**
 * @typedef {"code" | "graphs" | "findings" | "statements" | "artifacts"} Found
 * @typedef {"benchmarks" | "verdicts" | "profiles" | "lifetimes" | "memory" | "compile_times" | "loaded"} Measured
 */

/** @type {Record<string, Found | Measured>} */
const LISTS = {
  code: "code",
  graph: "graphs",
  diagnostic: "findings",
  statement: "statements",
  benchmark: "benchmarks",
  verdict: "verdicts",
  profile: "profiles",
  lifetime: "lifetimes",
  memory: "memory",
  compile_time: "compile_times",
  loaded: "loaded",
  artifact: "artifacts",
};

/** Take one event in. @param {RunState} state @param {RunEvent} event */
export function reduce(state, event) {
  const list = LISTS[event.type];
  if (list) /** @type {unknown[]} */ (state[list]).push(event);
  else if (event.type === "accepted") accept(state, event);
  else if (event.type === "started") start(state, event);
  else if (event.type === "stage") stage(state, event);
  else if (event.type === "output" || event.type === "display") state.outputs += 1;
  else if (event.type === "error") state.error = event;
  else if (event.type === "usage") state.usage = event;
  else if (event.type === "captured") state.captured = event;
  else if (event.type === "finished") finish(state, event);
}

/** @param {RunState} state @param {import("./types").Accepted} event */
function accept(state, event) {
  state.runId = event.run_id;
  state.position = event.position;
  state.phase = "queued";
}

/** @param {RunState} state @param {import("./types").Started} event */
function start(state, event) {
  state.environment = event.environment;
  state.phase = "running";
}

/** Turns of one stage are added up when they end: compiling takes many. @param {RunState} state @param {import("./types").Stage} event */
function stage(state, event) {
  const { name, phase, wall_ns = null, cpu_ns = null } = event;
  const open = state.stages.find((known) => known.name === name && known.running);
  const before = state.stages.find((known) => known.name === name && !known.running);
  if (phase === "begin" || !(open ?? before)) state.stages.push({ name, running: phase === "begin", wall_ns, cpu_ns });
  else if (!before) Object.assign(/** @type {object} */ (open), { running: false, wall_ns, cpu_ns });
  else {
    before.wall_ns = (before.wall_ns ?? 0) + (wall_ns ?? 0);
    before.cpu_ns = (before.cpu_ns ?? 0) + (cpu_ns ?? 0);
    state.stages = state.stages.filter((known) => known !== open);
  }
}

/** @param {RunState} state @param {import("./types").Finished} event */
function finish(state, event) {
  state.finished = event;
  state.phase = "finished";
  for (const [name, wall_ns] of Object.entries(event.timings)) {
    const known = state.stages.find((one) => one.name === name);
    if (!known) state.stages.push({ name, running: false, wall_ns, cpu_ns: null });
    else known.wall_ns ??= wall_ns;
  }
  // What was cut short has no time of its own: it neither runs nor ended.
  for (const one of state.stages) one.running = false;
}

/** Wall time of all stages that ended. @param {RunState} state */
export function total(state) {
  const stages = state.stages.reduce((sum, stage) => sum + (stage.wall_ns ?? 0), 0);
  return stages || (state.usage?.wall_ns ?? 0);
}

/** Objects lose their order on some ways; stages never did. */
const ORDER = ["parse", "define", "build", "rewrite", "compile", "lower", "execute"];

/** @param {Record<string, number>} timings */
const inOrder = (timings) =>
  Object.fromEntries(Object.entries(timings).sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b)));

/** The events that a recorded result was gathered from. @param {Result} result @returns {RunEvent[]} */
export function eventsOf(result) {
  const { run_id, status, exit_code, signal, limit, timings, peak_rss_bytes } = result;
  /** @type {(RunEvent | null)[]} */
  const events = [
    { type: "accepted", run_id, position: 0 },
    result.environment && { type: "started", environment: result.environment },
    ...result.output.map((piece) => ({ type: /** @type {const} */ ("output"), ...piece })),
    ...result.displays,
    ...result.code,
    ...result.graphs,
    ...result.diagnostics,
    ...result.statements,
    ...result.benchmarks,
    ...result.verdicts,
    ...(result.profiles ?? []),
    ...(result.lifetimes ?? []),
    ...(result.memory ?? []),
    ...(result.compile_times ?? []),
    ...(result.loaded ?? []),
    result.captured ?? null,
    ...result.artifacts,
    result.error,
    { type: "finished", status, exit_code, signal, limit, timings: inOrder(timings), peak_rss_bytes },
  ];
  return events.filter((event) => event !== null);
}
