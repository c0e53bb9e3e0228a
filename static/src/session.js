/** One run at a time: starts it, follows it over lost connections, stops it, and tells the panels what it says. */

import { Refused, resume, run, stop } from "./api.js";
import { eventsOf, fresh, reduce } from "./run-state.js";

/** @typedef {import("./types").Program} Program */
/** @typedef {import("./types").Problem} Problem */

const RETRY_MS = [250, 500, 1000, 2000, 4000, 8000];

/** Tells `reset` (a new run), `told` (an event came) and `phase` (where the run is). */
export class Session extends EventTarget {
  state = fresh(null);
  stopping = false;
  /** @type {AbortController | null} */
  #abort = null;
  #last = 0;

  get running() {
    return !["idle", "finished", "failed"].includes(this.state.phase);
  }

  /** @param {Program} program */
  async start(program) {
    await this.stop();
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#reset(program, false);
    try {
      await this.#follow(program, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(problemOf(error));
    }
  }

  /** Ask the server to stop; the run then ends with its own last event. */
  async stop() {
    if (!this.running || this.stopping) return;
    this.stopping = true;
    this.#tell("phase");
    const { runId } = this.state;
    if (!runId) {
      // Nothing was accepted yet: letting the connection go ends it.
      this.#abort?.abort();
      this.#end("cancelled");
      return;
    }
    try {
      await stop(runId);
    } catch (error) {
      if (this.running) this.#fail(problemOf(error));
    }
  }

  /** Show a run that was recorded, as if it came now. @param {import("./types").Result} result @param {Program} program */
  replay(result, program) {
    this.#reset(program, true);
    for (const event of eventsOf(result)) this.#take(event);
    this.#tell("phase");
  }

  /** @param {Program} program @param {AbortSignal} signal */
  async #follow(program, signal) {
    let source = run(program, signal);
    for (let attempt = 0; ; attempt++) {
      const before = this.#last;
      try {
        for await (const { id, event } of source) {
          this.#last = id;
          this.#take(event);
        }
      } catch (error) {
        const lost = error instanceof TypeError && this.state.runId;
        if (!lost || signal.aborted) throw error;
      }
      if (!this.running || signal.aborted) return;
      if (this.#last > before) attempt = 0;
      await this.#pause(attempt);
      source = resume(this.state.runId ?? "", this.#last, signal);
    }
  }

  /** @param {number} attempt */
  async #pause(attempt) {
    const wait = RETRY_MS[attempt];
    if (wait === undefined || !this.state.runId) throw new TypeError("connection lost");
    this.dispatchEvent(new Event("lost"));
    await new Promise((resolve) => setTimeout(resolve, wait));
  }

  /** @param {import("./types").RunEvent} event */
  #take(event) {
    const before = this.state.phase;
    reduce(this.state, event);
    this.dispatchEvent(new CustomEvent("told", { detail: event }));
    if (this.state.phase !== before) this.#tell("phase");
  }

  /** @param {Program} program @param {boolean} recorded */
  #reset(program, recorded) {
    this.state = fresh(program, recorded);
    this.stopping = false;
    this.#last = 0;
    this.#tell("reset");
    this.#tell("phase");
  }

  /** @param {string} status */
  #end(status) {
    this.#take({ type: "finished", status, timings: {}, peak_rss_bytes: 0 });
  }

  /** @param {Problem} problem */
  #fail(problem) {
    this.state.problem = problem;
    this.state.phase = "failed";
    for (const stage of this.state.stages) stage.running = false;
    this.#tell("phase");
  }

  /** @param {string} name */
  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

/** @param {unknown} error @returns {Problem} */
function problemOf(error) {
  if (error instanceof Refused) return error.problem;
  if (error instanceof TypeError) return { title: "offline", detail: "", status: 0 };
  throw error;
}
