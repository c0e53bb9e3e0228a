/** Does each way of running the program agree with the first, and how fast is each? Drawn once it is looked at. */

import { h } from "./dom.js";
import { same } from "./program.js";
import { t } from "./words.js";

/** @typedef {import("./types").RunState} RunState */

const SHOWN = new Set(["verdict", "benchmark", "profile", "artifact", "started", "finished"]);

export class ComparePanel extends HTMLElement {
  /** Where this comparison can be seen again, and how to repeat it; set by the page. */
  actions = { link: () => /** @type {string | null} */ (null), again: () => {} };
  /** @type {import("./session.js").Session | null} */
  #session = null;
  /** @type {RunState | null} */
  #recorded = null;
  /** @type {import("./charts/view.js").CompareView | null} */
  #view = null;
  #pending = false;

  /** @param {import("./session.js").Session} session */
  connect(session) {
    this.#session = session;
    session.addEventListener("reset", () => this.#reset(session.state));
    session.addEventListener("told", (event) => {
      const { type } = /** @type {CustomEvent<import("./types").RunEvent>} */ (event).detail;
      if (SHOWN.has(type)) this.#later();
    });
  }

  /** @param {RunState} state */
  #reset(state) {
    if (state.recorded) this.#recorded = state;
    this.#view = null;
    this.replaceChildren(h("p", { class: "quiet" }, t("noVerdicts")));
    this.#later();
  }

  /** Many events come within one frame: draw them once, and only if somebody looks. */
  #later() {
    if (this.#pending || !this.checkVisibility()) return;
    this.#pending = true;
    requestAnimationFrame(() => {
      this.#pending = false;
      this.show();
    });
  }

  /** What was recorded of the program that is shown, unless it is the record itself. @param {RunState} state */
  #before(state) {
    const then = this.#recorded;
    const comparable = then?.program && state.program && same(then.program, state.program);
    return comparable && then !== state ? then : null;
  }

  async show() {
    const state = this.#session?.state;
    if (!state || !(state.verdicts.length || state.benchmarks.length)) return;
    const { CompareView } = await import("./charts/view.js");
    if (state !== this.#session?.state) return;
    this.#view ??= new CompareView(this, this.actions);
    this.#view.draw(state, this.#before(state));
  }
}
