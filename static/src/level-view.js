/** One level of the program as lines: colored as the source lines they came from, and linked with them both ways. */

import { h, say } from "./dom.js";
import { colorOf, linesAt, linesFor, sourcesByLine, stretchesOf } from "./lines.js";

/** @typedef {import("./types").Code} Code */

const BLOCK = 200;

/** @param {string} html highlighted by our own server, which escapes */
function highlighted(html) {
  const line = h("code");
  line.innerHTML = html;
  return line;
}

/** Tells `looked` ({lines, stretches} of the source) and bubbles `goto`. */
export class LevelView extends HTMLElement {
  /** @type {Code | null} */
  code = null;
  /** @type {HTMLElement[]} */
  #lines = [];
  /** @type {Map<number, [number, number]>} */
  #sources = new Map();
  #current = 0;

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

  /** @param {Code} code */
  show(code) {
    this.code = code;
    this.#current = 0;
    this.#sources = sourcesByLine(code);
    const texts = code.text.replace(/\n$/, "").split("\n");
    this.#lines = texts.map((text, index) => this.#line(index + 1, text, code.html?.[index]));
    const blocks = [];
    for (let from = 0; from < this.#lines.length; from += BLOCK) {
      blocks.push(h("div", { class: "block" }, ...this.#lines.slice(from, from + BLOCK)));
    }
    this.replaceChildren(...blocks);
    this.scrollTop = 0;
  }

  /** @param {number} number @param {string} text @param {string | undefined} html */
  #line(number, text, html) {
    const source = this.#sources.get(number);
    const color = source ? ` linked color-${colorOf(source[0])}` : "";
    const code = html === undefined ? h("code", {}, text) : highlighted(html);
    return h("div", { class: `line${color}`, "data-line": number }, code);
  }

  /** Show which lines a place in the source became. @param {number} line @param {number} column */
  mark(line, column) {
    if (!this.code) return;
    const exact = linesAt(this.code, line, column);
    const lines = linesFor(this.code, line);
    this.#mark(new Set([...lines, ...exact]), exact);
  }

  /** Say which lines the other side does not have. @param {Set<number>} lines @param {string} sign */
  differ(lines, sign) {
    this.#lines.forEach((line, index) => {
      if (lines.has(index + 1)) line.dataset.sign = sign;
      else delete line.dataset.sign;
    });
  }

  unmark() {
    this.#mark(new Set(), new Set());
  }

  /** Bring the first marked line into sight. @param {ScrollLogicalPosition} block */
  reveal(block = "center") {
    const marked = this.querySelector(".line.exact") ?? this.querySelector(".line.looked");
    marked?.scrollIntoView({ block, inline: "nearest" });
    return marked !== null;
  }

  /** @param {Set<number>} lines @param {Set<number>} exact */
  #mark(lines, exact) {
    for (const old of this.querySelectorAll(".looked, .exact")) old.classList.remove("looked", "exact");
    for (const line of lines) this.#lines[line - 1]?.classList.add("looked");
    for (const line of exact) this.#lines[line - 1]?.classList.add("exact");
  }

  /** @param {EventTarget | null} target */
  #lineOf(target) {
    const line = target instanceof Element ? target.closest("[data-line]") : null;
    return Number(line?.getAttribute("data-line") ?? 0);
  }

  /** @param {number} line */
  #look(line) {
    const source = this.#sources.get(line);
    const lines = new Set();
    for (let at = source?.[0] ?? 1; source && at <= source[1]; at++) lines.add(at);
    const stretches = this.code && line ? stretchesOf(this.code, line) : [];
    this.dispatchEvent(say("looked", { lines, stretches }));
  }

  /** @param {MouseEvent} event */
  #click(event) {
    // Selecting text to copy it is not asking to go anywhere.
    if (!getSelection()?.isCollapsed) return;
    const line = this.#lineOf(event.target);
    if (line) this.#select(line);
    this.#follow();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20 });
    const step = steps[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) this.#select(this.#current + step);
    else if (event.key === "Enter") this.#follow();
    else return;
    event.preventDefault();
  }

  /** @param {number} line */
  #select(line) {
    this.#lines[this.#current - 1]?.classList.remove("current");
    this.#current = Math.max(1, Math.min(line, this.#lines.length));
    const element = this.#lines[this.#current - 1];
    element?.classList.add("current");
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#look(this.#current);
    const source = this.#sources.get(this.#current);
    this.dispatchEvent(
      say("moved", { line: this.#current, text: element?.textContent ?? "", source: source?.[0] ?? null }),
    );
  }

  #follow() {
    const source = this.#sources.get(this.#current);
    if (source) this.dispatchEvent(say("goto", source[0]));
  }
}
