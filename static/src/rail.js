/** The levels of a run, in groups from source to machine; of several compiled graphs one at a time. */

import { find, h, say } from "./dom.js";
import { count } from "./format.js";
import { subtitle } from "./level-pane.js";
import { named, plural, t } from "./words.js";

/** @typedef {import("./types").Code} Code */

/** @type {Record<string, string[]>} */
export const GROUPS = {
  python: ["program", "inlined", "folded", "released", "ast", "bytecode", "bytecode_specialized"],
  torchscript: ["torchscript", "torchscript_graph", "torchscript_frozen", "torchscript_optimized"],
  dynamo: ["dynamo_graph", "guards", "dynamo_bytecode"],
  aot: ["aot_joint", "aot_forward", "aot_backward"],
  inductor: ["inductor_post_grad", "inductor_wrapper", "inductor_code"],
  machine: ["assembly"],
  export: ["exported_program"],
};
const OTHER = "other";

/** @param {string} level */
export const groupOf = (level) => Object.keys(GROUPS).find((name) => GROUPS[name]?.includes(level)) ?? OTHER;

/** Where a level stands among those of its group. @param {string} level */
const rank = (level) => GROUPS[groupOf(level)]?.indexOf(level) ?? 0;

/** @param {string} text */
const linesOf = (text) => text.replace(/\n$/, "").split("\n").length;

/** Tells `chose` ({index, byHand}). */
export class Rail extends HTMLElement {
  /** @type {Code[]} */
  #codes = [];
  /** @type {Map<string, HTMLDetailsElement>} */
  #groups = new Map();
  /** @type {HTMLButtonElement[]} */
  #entries = [];
  /** @type {string[]} */
  #graphs = [];
  #graph = "";
  #choice = h("select", { onchange: () => this.#turn() });
  #chooser = h("label", { class: "graphs", hidden: true }, h("span", {}, t("graph")), this.#choice);

  connectedCallback() {
    this.classList.add("rail");
    this.setAttribute("role", "navigation");
    this.setAttribute("aria-label", t("levels"));
    this.addEventListener("keydown", (event) => this.#key(event));
  }

  reset() {
    this.#codes = [];
    this.#entries = [];
    this.#groups.clear();
    this.#graphs = [];
    this.#graph = "";
    this.#choice.replaceChildren();
    this.replaceChildren(this.#chooser);
    this.#chooser.hidden = true;
  }

  /** @param {Code} code */
  add(code) {
    const index = this.#codes.push(code) - 1;
    this.#know(code.graph ?? "");
    const entry = this.#entry(code, index);
    this.#entries.push(entry);
    const entries = find(".entries", this.#group(groupOf(code.level)));
    const later = [...entries.children].find(
      (one) => Number(/** @type {HTMLElement} */ (one).dataset.rank) > rank(code.level),
    );
    entries.insertBefore(entry, later ?? null);
    this.#sift();
  }

  /** @param {number} chosen */
  mark(chosen) {
    const graph = this.#codes[chosen]?.graph;
    if (graph && graph !== this.#graph) {
      this.#graph = graph;
      this.#choice.value = graph;
      this.#sift();
    }
    this.#entries.forEach((entry, index) => {
      entry.setAttribute("aria-current", String(index === chosen));
    });
  }

  /** @param {string} graph */
  #know(graph) {
    if (!graph || this.#graphs.includes(graph)) return;
    this.#graphs.push(graph);
    this.#graph ||= graph;
    this.#choice.append(h("option", { value: graph }, `${this.#graphs.length}. ${graph}`));
    this.#chooser.hidden = this.#graphs.length < 2;
  }

  /** @param {string} name @returns {HTMLDetailsElement} */
  #group(name) {
    const known = this.#groups.get(name);
    if (known) return known;
    const summary = h("summary", {}, named("group", name));
    const group = h("details", { class: "group", open: true }, summary, h("div", { class: "entries" }));
    this.#groups.set(name, group);
    const order = [...Object.keys(GROUPS), OTHER];
    const next = order.slice(order.indexOf(name) + 1).map((one) => this.#groups.get(one));
    this.insertBefore(group, next.find((one) => one) ?? null);
    return group;
  }

  /** @param {Code} code @param {number} index */
  #entry(code, index) {
    const lines = code.instructions
      ? t("instructionsCount", { n: count(code.instructions) })
      : plural("linesCount", linesOf(code.text));
    const more = code.graph ? subtitle(code).slice(code.graph.length).replace(/^, /, "") : subtitle(code);
    return h(
      "button",
      { type: "button", class: "entry", "data-rank": rank(code.level), onclick: () => this.#chose(index) },
      h("span", { class: "name" }, named("level", code.level)),
      h("span", { class: "detail" }, [more, lines].filter(Boolean).join(" · ")),
    );
  }

  /** @param {number} index */
  #chose(index) {
    this.dispatchEvent(say("chose", { index, byHand: true }));
  }

  /** Show the entries of the chosen graph, and headings where there is more than one group. */
  #sift() {
    this.#entries.forEach((entry, index) => {
      const graph = this.#codes[index]?.graph;
      entry.hidden = Boolean(graph) && graph !== this.#graph;
    });
    for (const group of this.#groups.values()) group.hidden = !group.querySelector(".entry:not([hidden])");
    this.classList.toggle("plain", this.#groups.size < 2);
  }

  /** To another graph, at the same level. */
  #turn() {
    const level = this.#codes[this.#entries.findIndex((entry) => entry.ariaCurrent === "true")]?.level;
    this.#graph = this.#choice.value;
    this.#sift();
    const mine = (/** @type {Code} */ code) => code.graph === this.#graph;
    const same = this.#codes.findIndex((code) => mine(code) && code.level === level);
    const index = same < 0 ? this.#codes.findIndex(mine) : same;
    if (index >= 0) this.dispatchEvent(say("chose", { index, byHand: true }));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const shown = /** @type {HTMLButtonElement[]} */ ([...this.querySelectorAll("details[open] .entry:not([hidden])")]);
    const at = shown.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (!step || at < 0) return;
    event.preventDefault();
    const next = shown[Math.max(0, Math.min(at + step, shown.length - 1))];
    if (!next) return;
    next.focus();
    this.#chose(this.#entries.indexOf(next));
  }
}
