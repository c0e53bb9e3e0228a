/** What the program became: a rail of levels from source to machine, the chosen one, and a second at its side. */

import { difference } from "./diff.js";
import { h, say } from "./dom.js";
import { Pane, subtitle } from "./level-pane.js";
import { colorsBySource } from "./lines.js";
import { named, t } from "./words.js";

/** @typedef {import("./types").Code} Code */
/** @typedef {import("./rail.js").Rail} Rail */

/** From what a reader knows to what they came for. */
const TELLING = [
  ...["ast", "bytecode", "program", "inlined", "folded", "released"],
  ...["exported_program", "dynamo_graph", "torchscript"],
];

/** @param {string} level */
const telling = (level) => TELLING.indexOf(level);

/** Tells `shown` (the Code in the first pane, with the colors of the source, or null). */
export class CodePanel extends HTMLElement {
  #rail = /** @type {Rail} */ (document.createElement("pg-rail"));
  #filter = { linked: false, comments: false };
  #session = /** @type {import("./session.js").Session | null} */ (null);
  #first = this.#pane();
  #second = this.#pane();
  #panes = h("div", { class: "levels" }, this.#first.element);
  /** @type {Code[]} */
  #codes = [];
  #chosen = 0;
  /** @type {number | null} */
  #beside = null;
  wanted = "";

  /** @param {import("./session.js").Session} session */
  connect(session) {
    this.#session = session;
    session.addEventListener("reset", () => this.#reset());
    session.addEventListener("told", (event) => {
      const told = /** @type {CustomEvent<import("./types").RunEvent>} */ (event).detail;
      if (told.type === "code") this.#add(told);
    });
    session.addEventListener("phase", () => {
      if (!session.running && !this.#codes.length) this.#empty();
    });
    this.#rail.addEventListener("chose", (event) => {
      const { index, byHand } = /** @type {CustomEvent<{index: number, byHand: boolean}>} */ (event).detail;
      this.#choose(index, byHand);
    });
  }

  get level() {
    return this.#codes[this.#chosen]?.level ?? "";
  }

  get views() {
    return this.#beside === null ? [this.#first.view] : [this.#first.view, this.#second.view];
  }

  #pane() {
    const refilter = () => {
      this.#draw();
      this.#drawBeside();
    };
    const fileOf = (/** @type {string} */ name) =>
      this.#session?.state.artifacts.find((file) => file.name === name)?.url ?? null;
    return new Pane(this.#filter, refilter, fileOf);
  }

  #reset() {
    this.#codes = [];
    this.#chosen = 0;
    this.#beside = null;
    this.#empty();
    this.dispatchEvent(say("shown", null));
  }

  #empty() {
    this.replaceChildren(h("p", { class: "quiet" }, t("noCode")));
  }

  /** @param {Code} code */
  #add(code) {
    const isFirst = this.#codes.push(code) === 1;
    if (isFirst) {
      this.#rail.reset();
      this.#panes.replaceChildren(this.#first.element);
      this.replaceChildren(this.#rail, this.#panes);
    }
    this.#rail.add(code);
    // The level that the reader chose is looked at after every run; without a choice, the one that tells most.
    const better = this.wanted
      ? code.level === this.wanted && this.level !== this.wanted
      : telling(code.level) > telling(this.level);
    if (isFirst || better) this.#choose(this.#codes.length - 1);
    else if (this.#codes.length === 2) this.#draw();
  }

  /** @param {number} index @param {boolean} [byHand] */
  #choose(index, byHand = false) {
    this.#chosen = index;
    if (byHand) this.wanted = this.level;
    this.#draw();
  }

  #draw() {
    const code = this.#codes[this.#chosen];
    if (!code) return;
    this.#rail.mark(this.#chosen);
    const more = this.#codes.length > 1 && this.#beside === null;
    this.#first.show(code, [more ? h("button", { type: "button", onclick: () => this.#open() }, t("beside")) : null]);
    this.dispatchEvent(say("shown", { code, colors: colorsBySource(code) }));
    this.#compare();
  }

  #open() {
    this.#beside = this.#chosen + 1 < this.#codes.length ? this.#chosen + 1 : 0;
    this.#panes.append(this.#second.element);
    this.#draw();
    this.#drawBeside();
  }

  #close() {
    this.#beside = null;
    this.#second.element.remove();
    this.#draw();
  }

  #drawBeside() {
    const code = this.#codes[this.#beside ?? -1];
    if (!code) return;
    const options = this.#codes.map((one, index) =>
      h(
        "option",
        { value: index, selected: index === this.#beside },
        [named("level", one.level), subtitle(one)].filter(Boolean).join(" · "),
      ),
    );
    const choice = h(
      "select",
      {
        "aria-label": t("besideLevel"),
        onchange: () => {
          this.#beside = Number(choice.value);
          this.#drawBeside();
        },
      },
      ...options,
    );
    this.#second.show(code, [choice, h("button", { type: "button", onclick: () => this.#close() }, t("close"))]);
    this.#compare();
  }

  /** Side by side, two texts of one language say what differs. */
  #compare() {
    const [left, right] = [this.#codes[this.#chosen], this.#codes[this.#beside ?? -1]];
    if (!left || !right) return;
    const comparable = left !== right && left.language === right.language;
    const found = comparable ? difference(this.#first.view.texts, this.#second.view.texts) : null;
    this.#first.view.differ(found?.left ?? new Set(), "−");
    this.#second.view.differ(found?.right ?? new Set(), "+");
  }
}
