/** A drawing with its name, its table, and both as files; drawn anew when its width changes. */

import { h, save } from "../dom.js";
import { table } from "../time-panel.js";
import { t } from "../words.js";
import { csv } from "./csv.js";
import { standalone } from "./export.js";
import { readable } from "./readout.js";

/**
 * @typedef {object} Content
 * @property {string} title
 * @property {string} [about] one sentence under the title
 * @property {string} file name of what is saved, without its suffix
 * @property {(width: number) => SVGElement | import("./readout.js").Drawn} draw
 * @property {{stops: number[], words: (at: number) => string}} [readout]
 * @property {{heads: string[], rows: import("./csv.js").Cell[][]}} data as numbers, in base units
 * @property {{heads: string[], rows: (Node | string)[][]}} [table] the same for readers
 * @property {boolean} [folded] the table waits until asked for
 */

/** @param {string} words @param {() => void} onclick */
export const tool = (words, onclick) => h("button", { type: "button", onclick }, words);

export class Figure {
  #heading = h("h3");
  #about = h("p", { class: "muted about" });
  #tools = h("div", { class: "tools" });
  #holder = h("div", { class: "drawn" });
  #readout = h("div");
  #table = h("div");
  element = h(
    "section",
    { class: "figure-chart" },
    h("div", { class: "row" }, this.#heading, this.#tools),
    this.#about,
    this.#holder,
    this.#readout,
    this.#table,
  );
  /** @type {Content | null} */
  #content = null;
  #width = 0;

  constructor() {
    new ResizeObserver(() => {
      if (this.#holder.clientWidth !== this.#width) this.#draw();
    }).observe(this.#holder);
  }

  /** @param {Content} content */
  show(content) {
    this.#content = content;
    const { title, about = "", file, data, table: shown, folded } = content;
    this.#heading.textContent = title;
    this.#about.textContent = about;
    this.#about.hidden = !about;
    this.#tools.replaceChildren(
      tool("SVG", () => this.#saveDrawing(file)),
      tool("CSV", () => save(csv(data.heads, data.rows), `${file}.csv`, "text/csv")),
    );
    if (shown) {
      const whole = table(title, shown.heads, shown.rows);
      this.#table.replaceChildren(folded ? h("details", {}, h("summary", {}, t("asTable")), whole) : whole);
    }
    this.#draw();
  }

  /** @param {string} file */
  #saveDrawing(file) {
    const drawing = this.#holder.querySelector("svg");
    if (drawing) save(standalone(drawing), `${file}.svg`, "image/svg+xml");
  }

  #draw() {
    this.#width = this.#holder.clientWidth;
    if (!this.#content || !this.#width) return;
    const { draw, readout, title } = this.#content;
    const drawn = draw(this.#width);
    const holder = h("div");
    if (readout && "root" in drawn) {
      for (const [name, value] of Object.entries({
        tabindex: "0",
        role: "group",
        "aria-label": title,
      }))
        holder.setAttribute(name, value);
      this.#readout.replaceChildren(readable(holder, drawn, readout.stops, readout.words));
    }
    holder.append("root" in drawn ? drawn.root : drawn);
    this.#holder.replaceChildren(holder);
  }
}
