/** Where values flow: a picture per form of the program, one drawn at a time, and how long names hold them. */

import { h, say } from "./dom.js";
import { colorsOf, DRAWN, kindOf, nodesOf, placeFor, rows } from "./graph-data.js";
import { Lifetimes } from "./lifetimes.js";
import { named, t } from "./words.js";

/** @typedef {import("./types").Graph} Graph */
/** @typedef {import("./graph-draw.js").Drawing} Drawing */

/** What a title adds to the name of its level. @param {Graph} graph */
const subtitle = ({ title = "" }) => (t("levelTitles").split("|").includes(title) ? "" : title);

/** @param {Graph} graph */
const nameOf = (graph) => [named("level", graph.level), subtitle(graph)].filter(Boolean).join(" · ");

/** The same in words, for those who do not see the picture. @param {Graph} graph @param {boolean} open */
function list(graph, open) {
  const items = rows(graph).map(({ node, from }) => {
    const line = node.line ? ` · ${t("line", { n: node.line })}` : "";
    const origins = from.length ? ` ← ${from.join(", ")}` : "";
    const what = h("span", { class: "muted" }, ` ${named("node", kindOf(node))}${origins}${line}`);
    return h("li", {}, h("code", {}, node.label), what);
  });
  return h("details", { open }, h("summary", {}, t("asList")), h("ol", { class: "nodes" }, ...items));
}

/** What the shapes mean. @param {Graph} graph */
function legend({ nodes }) {
  const kinds = [...new Set(nodes.map(kindOf))];
  const items = kinds.map((kind) =>
    h("li", {}, h("span", { class: `shape ${kind}`, "aria-hidden": "true" }), named("node", kind)),
  );
  return h("ul", { class: "legend", "aria-label": t("legend") }, ...items);
}

/** @param {string} text @param {string} label @param {() => void} onclick */
const tool = (text, label, onclick) =>
  h("button", { type: "button", "aria-label": label === text ? null : label, title: label, onclick }, text);

/** Tells `looked` ({lines, stretches} of the source) and bubbles `goto`. */
export class GraphPanel extends HTMLElement {
  /** @type {Graph[]} */
  #graphs = [];
  /** @type {Graph | null} */
  #chosen = null;
  /** @type {Graph | null} */
  #shown = null;
  /** @type {Drawing | null} */
  #drawing = null;
  #wanted = "";
  #line = 0;
  #rail = h("div", { class: "forms", role: "group", "aria-label": t("forms") });
  #tools = h("div", { class: "tools" });
  #picture = h("div", { class: "graph" });
  #lifetimes = new Lifetimes();

  /** @param {import("./session.js").Session} session */
  connect(session) {
    session.addEventListener("reset", () => this.#reset());
    session.addEventListener("told", (event) => {
      const told = /** @type {CustomEvent<import("./types").RunEvent>} */ (event).detail;
      if (told.type === "graph") this.#add(told);
      else if (told.type === "lifetime" || told.type === "memory") this.#lifetimes.add(told);
      else return;
      if (this.checkVisibility()) this.show();
    });
    this.addEventListener("pointerover", (event) => this.#look(this.#lineOf(event.target)));
    this.addEventListener("pointerleave", () => this.#look(0));
    this.addEventListener("focusin", (event) => this.#look(this.#lineOf(event.target)));
    this.addEventListener("click", (event) => this.#follow(event.target));
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") this.#follow(event.target, event);
    });
  }

  #reset() {
    this.#graphs = [];
    this.#chosen = this.#shown = this.#drawing = null;
    this.#lifetimes.reset();
    this.dispatchEvent(say("shown", new Map()));
    this.replaceChildren(h("p", { class: "quiet" }, t("noGraph")));
  }

  /** @param {Graph} graph */
  #add(graph) {
    this.#graphs.splice(placeFor(this.#graphs, graph), 0, graph);
    const better = this.#wanted === graph.level && this.#chosen?.level !== graph.level;
    if (!this.#chosen || better) this.#chosen = graph;
  }

  /** Draw what came while nobody looked. */
  async show() {
    if (!this.#graphs.length && this.#lifetimes.empty) return;
    this.#drawRail();
    if (!this.#shown) this.replaceChildren(this.#head(), this.#picture, this.#lifetimes.element);
    if (this.#chosen && this.#shown !== this.#chosen) await this.#draw(this.#chosen);
    this.#lifetimes.show();
  }

  #head() {
    return h("div", { class: "graph-head" }, this.#rail, this.#tools);
  }

  #drawRail() {
    const buttons = this.#graphs.map((graph) =>
      h(
        "button",
        { type: "button", "aria-pressed": String(graph === this.#chosen), onclick: () => this.#choose(graph) },
        nameOf(graph),
      ),
    );
    this.#rail.replaceChildren(...buttons);
  }

  /** @param {Graph} graph */
  async #choose(graph) {
    const index = this.#graphs.indexOf(graph);
    this.#chosen = graph;
    this.#wanted = graph.level;
    await this.show();
    /** @type {HTMLElement | undefined} */ (this.#rail.children[index])?.focus();
  }

  /** @param {Graph} graph */
  async #draw(graph) {
    this.#shown = graph;
    this.#drawing = null;
    this.dispatchEvent(say("shown", colorsOf(graph)));
    const drawable = graph.nodes.length > 0 && graph.nodes.length <= DRAWN;
    const notes = [
      graph.nodes.length ? null : t("emptyGraph"),
      graph.nodes.length > DRAWN ? t("largeGraph", { n: graph.nodes.length }) : null,
      graph.left_out ? t("leftOut", { n: graph.left_out }) : null,
    ].filter((note) => note !== null);
    const words = notes.map((note) => h("p", { class: "muted" }, note));
    if (!drawable) {
      this.#tools.replaceChildren();
      this.#picture.replaceChildren(...words, ...(graph.nodes.length ? [list(graph, true)] : []));
      return;
    }
    const { Drawing } = await import("./graph-draw.js");
    if (this.#shown !== graph) return;
    const drawing = new Drawing(graph, `${nameOf(graph)}. ${t("graphKeys")}`);
    this.#drawing = drawing;
    const frame = h("div", { class: "drawing" }, drawing.element);
    frame.style.setProperty("--high", `${Math.ceil(drawing.height)}px`);
    this.#picture.replaceChildren(...words, frame, legend(graph), list(graph, false));
    this.#tools.replaceChildren(
      tool("+", t("larger"), () => drawing.zoom(1)),
      tool("−", t("smaller"), () => drawing.zoom(-1)),
      tool(t("fit"), t("fit"), () => drawing.fit()),
      tool("SVG", t("downloadSvg"), () => this.#download(graph, drawing)),
    );
    drawing.fit();
    this.mark(this.#line || null);
  }

  /** @param {Graph} graph @param {Drawing} drawing */
  #download(graph, drawing) {
    const url = URL.createObjectURL(new Blob([drawing.source()], { type: "image/svg+xml" }));
    h("a", { href: url, download: `${graph.level}.svg` }).click();
    URL.revokeObjectURL(url);
  }

  /** Show what belongs to a line of the program. @param {number | null} line */
  mark(line) {
    this.#line = line ?? 0;
    if (this.#shown) this.#drawing?.mark(nodesOf(this.#shown, line));
    this.#lifetimes.mark(line);
  }

  /** @param {EventTarget | null} target */
  #lineOf(target) {
    const owner = target instanceof Element ? target.closest("[data-line]") : null;
    return Number(owner?.getAttribute("data-line") ?? 0);
  }

  /** @param {number} line */
  #look(line) {
    this.dispatchEvent(say("looked", { lines: new Set(line ? [line] : []), stretches: [] }));
    if (line) this.mark(line);
  }

  /** @param {EventTarget | null} target @param {Event} [event] */
  #follow(target, event) {
    const line = this.#lineOf(target);
    if (!line) return;
    event?.preventDefault();
    this.dispatchEvent(say("goto", line));
  }
}
