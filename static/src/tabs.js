/** Tabs as the ARIA practices describe them: arrows move, the chosen one is reached by Tab. */

import { find, say } from "./dom.js";

export class Tabs extends HTMLElement {
  /** @type {HTMLElement[]} */
  #tabs = [];

  connectedCallback() {
    this.#tabs = [...this.querySelectorAll("[role=tab]")].map((tab) => /** @type {HTMLElement} */ (tab));
    this.addEventListener("click", (event) => {
      const tab = event.target instanceof Element ? event.target.closest("[role=tab]") : null;
      if (tab) this.choose(tab.id);
    });
    this.addEventListener("keydown", (event) => this.#key(event));
    this.choose(this.#tabs[0]?.id ?? "");
  }

  get chosen() {
    return this.#tabs.find((tab) => tab.ariaSelected === "true")?.id.replace("tab-", "") ?? "";
  }

  get panel() {
    return find(`#panel-${this.chosen}`);
  }

  /** @param {string} id of the tab, with or without its `tab-` */
  choose(id) {
    const wanted = id.startsWith("tab-") ? id : `tab-${id}`;
    if (!this.#tabs.some((tab) => tab.id === wanted)) return;
    for (const tab of this.#tabs) {
      const selected = tab.id === wanted;
      tab.ariaSelected = String(selected);
      tab.tabIndex = selected ? 0 : -1;
      find(`#${tab.getAttribute("aria-controls")}`).hidden = !selected;
    }
    this.dispatchEvent(say("chosen", this.chosen));
  }

  /** How many things a tab holds; none is not shown. @param {string} name @param {number} count */
  count(name, count) {
    const badge = find(`#tab-${name} .count`);
    const text = count ? String(count) : "";
    if (badge.textContent !== text) badge.textContent = text;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.#tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const last = this.#tabs.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    this.choose(this.#tabs[to]?.id ?? "");
    this.#tabs[to]?.focus();
  }
}
