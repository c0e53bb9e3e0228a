/** Lines of a text in blocks, of which only those near the window are in the page: ten thousand lines cost as ten. */

import { h } from "./dom.js";

const BLOCK = 100;
/** In heights of the window: so far ahead blocks are made. */
const AHEAD = "100%";

export class Rows {
  /** @type {number[]} */
  #shown = [];
  /** @type {Map<number, number>} */
  #places = new Map();
  /** @type {Map<number, HTMLElement>} */
  #made = new Map();
  /** @type {HTMLElement[]} */
  #blocks = [];
  #watch;

  /**
   * @param {HTMLElement} box what scrolls
   * @param {(number: number) => HTMLElement} make
   */
  constructor(box, make) {
    this.box = box;
    this.make = make;
    this.#watch = new IntersectionObserver((seen) => this.#seen(seen), { root: box, rootMargin: `${AHEAD} 0px` });
  }

  /** Show the lines with these numbers. @param {number[]} numbers */
  show(numbers) {
    this.#watch.disconnect();
    this.#shown = numbers;
    this.#places = new Map(numbers.map((number, at) => [number, at]));
    this.#made.clear();
    this.#blocks = [];
    for (let from = 0; from < numbers.length; from += BLOCK) {
      const block = h("div", { class: "block" });
      const count = Math.min(BLOCK, numbers.length - from);
      block.style.setProperty("--rows", String(count));
      this.#blocks.push(block);
    }
    this.box.replaceChildren(...this.#blocks);
    if (this.#blocks.length) this.#fill(0);
    for (const block of this.#blocks) this.#watch.observe(block);
  }

  get numbers() {
    return this.#shown;
  }

  /** Lines that are in the page now. */
  get made() {
    return this.#made;
  }

  /** The element of a line, made if need be; null if it is hidden. @param {number} number */
  element(number) {
    const at = this.#places.get(number);
    if (at === undefined) return null;
    this.#fill(Math.floor(at / BLOCK));
    return this.#made.get(number) ?? null;
  }

  /** The line so many steps away from one, or from where it would stand. @param {number} number @param {number} step */
  beside(number, step) {
    const shown = this.#shown;
    const known = this.#places.get(number);
    const at = known ?? shown.findIndex((one) => one > number) - (step > 0 ? 1 : 0);
    return shown[Math.max(0, Math.min(at + step, shown.length - 1))] ?? 0;
  }

  /** @param {IntersectionObserverEntry[]} seen */
  #seen(seen) {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) this.#fill(this.#blocks.indexOf(/** @type {HTMLElement} */ (target)));
    }
  }

  /** @param {number} index */
  #fill(index) {
    const block = this.#blocks[index];
    if (!block || block.firstChild) return;
    const numbers = this.#shown.slice(index * BLOCK, (index + 1) * BLOCK);
    for (const number of numbers) this.#made.set(number, this.make(number));
    block.append(...numbers.map((number) => /** @type {HTMLElement} */ (this.#made.get(number))));
    this.#watch.unobserve(block);
  }
}
