/** One level of the program as lines: colored as the source lines they came from, and linked with them both ways. */

import { h, say } from "./dom.js";
import { Rows } from "./level-rows.js";
import { colorOf, linesAt, linesFor, sourcesByLine, stretchesOf } from "./lines.js";

/** @typedef {import("./types").Code} Code */
/** @typedef {"looked" | "exact" | "found" | "current"} Mark */

/** @param {string} html highlighted by our own server, which escapes */
function highlighted(html) {
  const line = h("code");
  line.innerHTML = html;
  return line;
}

/** Tells `looked` ({lines, stretches} of the source), `moved`, and bubbles `goto`. */
export class LevelView extends HTMLElement {
  /** @type {Code | null} */
  code = null;
  /** @type {string[]} */
  texts = [];
  #rows = new Rows(this, (number) => this.#line(number));
  /** @type {Map<number, [number, number][]>} */
  #sources = new Map();
  /** @type {Record<Mark, Set<number>>} */
  #marks = { looked: new Set(), exact: new Set(), found: new Set(), current: new Set() };
  /** @type {Set<number>} */
  #differing = new Set();
  #sign = "";

  constructor() {
    super();
    this.addEventListener("pointerover", (event) => this.#look(this.#lineOf(event.target)));
    this.addEventListener("pointerleave", () => this.#look(this.#current));
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("keydown", (event) => this.#key(event));
  }

  connectedCallback() {
    this.tabIndex = 0;
    this.setAttribute("role", "group");
  }

  /** @param {Code} code @param {(number: number, text: string, linked: boolean) => boolean} [wanted] */
  show(code, wanted = () => true) {
    this.code = code;
    this.texts = code.text.replace(/\n$/, "").split("\n");
    this.#sources = sourcesByLine(code);
    for (const marked of Object.values(this.#marks)) marked.clear();
    this.#differing = new Set();
    this.filter(wanted);
    this.scrollTop = 0;
  }

  /** Show some of the lines only. @param {(number: number, text: string, linked: boolean) => boolean} wanted */
  filter(wanted) {
    const numbers = this.texts.map((_, index) => index + 1);
    this.#rows.show(
      numbers.filter((number) => wanted(number, this.texts[number - 1] ?? "", this.#sources.has(number))),
    );
  }

  /** Numbers of the lines that are shown. */
  get shown() {
    return this.#rows.numbers;
  }

  /** @param {number} number */
  #line(number) {
    const text = this.texts[number - 1] ?? "";
    const html = this.code?.html?.[number - 1];
    const source = this.#sources.get(number)?.[0];
    const color = source ? ` linked color-${colorOf(source[0])}` : "";
    const line = h(
      "div",
      { class: `line${color}`, "data-line": number },
      html === undefined ? h("code", {}, text) : highlighted(html),
    );
    for (const [mark, marked] of Object.entries(this.#marks)) line.classList.toggle(mark, marked.has(number));
    if (this.#differing.has(number)) line.dataset.sign = this.#sign;
    return line;
  }

  /** Show which lines a place in the source became. @param {number} line @param {number} column */
  mark(line, column) {
    if (!this.code) return;
    const exact = linesAt(this.code, line, column);
    this.#set("looked", new Set([...linesFor(this.code, line), ...exact]));
    this.#set("exact", exact);
  }

  unmark() {
    this.#set("looked", new Set());
    this.#set("exact", new Set());
  }

  /** Say which lines the other side does not have. @param {Set<number>} lines @param {string} sign */
  differ(lines, sign) {
    this.#differing = lines;
    this.#sign = sign;
    for (const [number, line] of this.#rows.made) {
      if (lines.has(number)) line.dataset.sign = sign;
      else delete line.dataset.sign;
    }
  }

  /** Show what was searched for. @param {Set<number>} lines */
  find(lines) {
    this.#set("found", lines);
  }

  /** Bring the first marked line into sight. @param {ScrollLogicalPosition} block */
  reveal(block = "center") {
    const { exact, looked } = this.#marks;
    const marked = this.shown.find((number) => exact.has(number)) ?? this.shown.find((number) => looked.has(number));
    if (marked === undefined) return false;
    this.#rows.element(marked)?.scrollIntoView({ block, inline: "nearest" });
    return true;
  }

  /** Go to a line. @param {number} line @param {ScrollLogicalPosition} [block] */
  select(line, block = "nearest") {
    this.#set("current", new Set([line]));
    const element = this.#rows.element(line);
    element?.scrollIntoView({ block, inline: "nearest" });
    this.#look(line);
    const sources = (this.#sources.get(line) ?? []).map(([first]) => first);
    this.dispatchEvent(
      say("moved", { line, text: this.texts[line - 1] ?? "", source: [...new Set(sources)].join(", ") }),
    );
  }

  get #current() {
    return [...this.#marks.current][0] ?? 0;
  }

  /** @param {Mark} mark @param {Set<number>} lines */
  #set(mark, lines) {
    for (const number of this.#marks[mark]) {
      if (!lines.has(number)) this.#rows.made.get(number)?.classList.remove(mark);
    }
    this.#marks[mark] = lines;
    for (const number of lines) this.#rows.made.get(number)?.classList.add(mark);
  }

  /** @param {EventTarget | null} target */
  #lineOf(target) {
    const line = target instanceof Element ? target.closest("[data-line]") : null;
    return Number(line?.getAttribute("data-line") ?? 0);
  }

  /** @param {number} line */
  #look(line) {
    const lines = new Set();
    for (const [first, last] of this.#sources.get(line) ?? []) for (let at = first; at <= last; at++) lines.add(at);
    const stretches = this.code && line ? stretchesOf(this.code, line) : [];
    this.dispatchEvent(say("looked", { lines, stretches }));
  }

  /** @param {MouseEvent} event */
  #click(event) {
    // Selecting text to copy it is not asking to go anywhere.
    if (!getSelection()?.isCollapsed) return;
    const line = this.#lineOf(event.target);
    if (line) this.select(line);
    this.#follow();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20 });
    const step = steps[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) this.select(this.#rows.beside(this.#current, step));
    else if (event.key === "Enter") this.#follow();
    else return;
    event.preventDefault();
  }

  #follow() {
    const source = this.#sources.get(this.#current)?.[0];
    if (source) this.dispatchEvent(say("goto", source[0]));
  }
}
