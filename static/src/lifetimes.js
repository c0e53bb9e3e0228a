/** From which line to which line names hold values, before and after release: a chart, with its table under it. */

import { h, svg } from "./dom.js";
import { size } from "./format.js";
import { shorten, widthOf } from "./graph-data.js";
import { bar, charted, forms, lastLine, nameOf, ticks } from "./lifetimes-data.js";
import { colorOf } from "./lines.js";
import { lineLink } from "./output.js";
import { table } from "./time-panel.js";
import { named, t } from "./words.js";

/** @typedef {import("./types").Lifetime} Lifetime */
/** @typedef {import("./types").Memory} Memory */
/** @typedef {import("./lifetimes-data.js").Form} Form */

const ROW = 22;
const AXIS = 20;
const CHARTED = 60;
const LISTED = 24;
/** Bytes at the end of a bar need so much room. */
const NUMBER = 64;

/** @param {Form} form */
const titleOf = ({ level, title }) =>
  [named("level", level), t("levelTitles").split("|").includes(title) ? "" : title].filter(Boolean).join(" · ");

/** @param {Lifetime} life @param {number} y @param {{left: number, wide: number, last: number}} axis */
function row(life, y, { left, wide, last }) {
  const { from, needed, to } = bar(life, last);
  const x = (/** @type {number} */ share) => left + share * wide;
  const color = life.line ? ` color-${colorOf(life.line)}` : "";
  const end = x(to);
  const parts = [
    svg("rect", { class: "ground", x: 0, y, width: left + wide + NUMBER, height: ROW }),
    svg("text", { class: "name", x: left - 8, y: y + 15, "text-anchor": "end" }, shorten(nameOf(life), 18)),
    svg("rect", { class: "needed", x: x(from), y: y + 5, width: Math.max(2, x(needed) - x(from)), height: ROW - 10 }),
  ];
  if (to > needed) {
    parts.push(svg("rect", { class: "held", x: x(needed), y: y + 5, width: end - x(needed), height: ROW - 10 }));
  }
  if (life.held_bytes) parts.push(svg("text", { class: "bytes", x: end + 6, y: y + 15 }, size(life.held_bytes)));
  return svg("g", { class: `life${color}`, "data-line": life.line ?? null }, ...parts);
}

/** Room for the longest name. @param {Lifetime[]} lives */
const margin = (lives) => 12 + Math.max(...lives.map((life) => widthOf(shorten(nameOf(life), 18)) - 20));

/** @param {Lifetime[]} lives @param {{left: number, wide: number, last: number}} axis @param {string} name */
function chart(lives, axis, name) {
  const { left, wide, last } = axis;
  const high = AXIS + lives.length * ROW;
  const numbers = ticks(last, wide / 28).flatMap((line) => {
    const x = left + ((line - 0.5) / last) * wide;
    return [
      svg("line", { class: "grid", x1: x, x2: x, y1: AXIS - 4, y2: high }),
      svg("text", { class: "tick", x, y: 12, "text-anchor": "middle" }, String(line)),
    ];
  });
  const rows = lives.map((life, index) => row(life, AXIS + index * ROW, axis));
  const width = left + wide + NUMBER;
  return svg("svg", { class: "lives", width, height: high, role: "img", "aria-label": name }, ...numbers, ...rows);
}

/** @param {Form} form */
function rowsOf({ lives }) {
  const line = (/** @type {number | null | undefined} */ number) => (number ? String(number) : "–");
  return lives.map((life) => [
    h("code", {}, nameOf(life)),
    life.line ? lineLink(life.line, line(life.first)) : line(life.first),
    line(life.last_use),
    line(life.last),
    named("ends", life.ends),
    life.held_bytes ? size(life.held_bytes) : "–",
  ]);
}

/** @param {Form} form */
function peak({ memory }) {
  if (!memory) return null;
  const { peak_bytes, line, complete = true } = memory;
  const where = line ? t("peakAt", { size: size(peak_bytes), n: line }) : t("peak", { size: size(peak_bytes) });
  return h("p", { class: "peak" }, where, complete ? null : h("span", { class: "muted" }, ` ${t("incomplete")}`));
}

export class Lifetimes {
  /** @type {Lifetime[]} */
  #lives = [];
  /** @type {Memory[]} */
  #memory = [];
  #drawn = 0;
  #width = 0;
  element = h("section", { class: "lifetimes", "aria-label": t("lifetimes") });

  constructor() {
    new ResizeObserver(() => {
      if (this.element.clientWidth && this.element.clientWidth !== this.#width) this.#draw();
    }).observe(this.element);
  }

  get empty() {
    return !this.#lives.length;
  }

  reset() {
    this.#lives = [];
    this.#memory = [];
    this.#drawn = 0;
    this.element.replaceChildren();
  }

  /** @param {Lifetime | Memory} event */
  add(event) {
    if (event.type === "lifetime") this.#lives.push(event);
    else this.#memory.push(event);
  }

  /** Draw what is new. */
  show() {
    if (this.#lives.length + this.#memory.length !== this.#drawn) this.#draw();
  }

  /** @param {number | null} line */
  mark(line) {
    for (const one of this.element.querySelectorAll(".life")) {
      one.classList.toggle("looked", line !== null && one.getAttribute("data-line") === String(line));
    }
  }

  #draw() {
    if (this.empty) return;
    this.#drawn = this.#lives.length + this.#memory.length;
    this.#width = this.element.clientWidth;
    const all = forms(this.#lives, this.#memory).map((form) => ({ form, lives: charted(form.lives, CHARTED) }));
    const left = Math.max(...all.map(({ lives }) => margin(lives)));
    const wide = Math.max(80, this.#width - left - NUMBER);
    const axis = { left, wide, last: lastLine(all.map(({ form }) => form)) };
    const heads = ["lifeName", "lifeFirst", "lifeUse", "lifeLast", "lifeEnds", "lifeBytes"].map((key) => t(key));
    const charts = all.map(({ form, lives }) => {
      const cut = form.lives.length > lives.length ? t("someCharted", { n: lives.length }) : "";
      return h(
        "div",
        { class: "form" },
        h("h3", {}, titleOf(form)),
        peak(form),
        cut ? h("p", { class: "muted" }, cut) : null,
        chart(lives, axis, `${t("lifetimes")}: ${titleOf(form)}`),
      );
    });
    const tables = all.map(({ form }) => {
      const listed = table(`${t("lifetimes")}: ${titleOf(form)}`, heads, rowsOf(form));
      return h("details", { open: form.lives.length <= LISTED }, h("summary", {}, titleOf(form)), listed);
    });
    this.element.replaceChildren(
      h("h2", {}, t("lifetimes")),
      h("p", { class: "about" }, t("aboutLifetimes")),
      ...charts,
      ...tables,
    );
  }
}
