/** A dataflow graph as SVG, laid out by dagre. Its own chunk: most readers never open it. */

import { graphlib, layout } from "@dagrejs/dagre";
import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import { svg } from "./dom.js";
import { fitting, isMirrored, kindOf, shorten, widthOf } from "./graph-data.js";
import { colorOf } from "./lines.js";
import { named, t } from "./words.js";

/** @typedef {import("./types").Graph} Graph */
/** @typedef {import("./types").GraphNode} GraphNode */
/** @typedef {{x: number, y: number, width: number, height: number}} Place */

const HEIGHT = 30;
const STEP = 1.4;
let drawn = 0;

/** @param {{x: number, y: number}[]} points */
const path = (points) =>
  points.map(({ x, y }, index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

function empty() {
  const made = new graphlib.Graph();
  return made
    .setGraph({ rankdir: "TB", nodesep: 20, ranksep: 30, marginx: 12, marginy: 12 })
    .setDefaultEdgeLabel(() => ({}));
}

/** @param {Graph} graph */
function plan({ nodes, edges }) {
  const made = empty();
  for (const node of nodes) made.setNode(node.id, { width: widthOf(shorten(node.label)), height: HEIGHT });
  for (const [from, to] of edges) if (made.hasNode(from) && made.hasNode(to)) made.setEdge(from, to);
  layout(made);
  if (isMirrored(nodes.map(({ id }) => made.node(id)))) mirror(made);
  return made;
}

/** The first value stands on the left, as it is read. @param {ReturnType<typeof empty>} made */
function mirror(made) {
  const { width = 0 } = made.graph();
  const points = made.edges().flatMap((edge) => made.edge(edge).points ?? []);
  for (const one of [...made.nodes().map((id) => made.node(id)), ...points]) one.x = width - one.x;
}

/** @param {string} id */
function arrow(id) {
  const head = svg("path", { d: "M0 0L8 4L0 8z", class: "head" });
  return svg(
    "defs",
    {},
    svg("marker", { id, viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, head),
  );
}

/** Values are round, operations have corners: never by color alone. @param {GraphNode} node @param {Place} place */
function box(node, { x, y, width, height }) {
  const kind = kindOf(node);
  const color = node.line ? ` color-${colorOf(node.line)}` : "";
  const words = [node.label, named("node", kind), node.line ? t("line", { n: node.line }) : ""].filter(Boolean);
  const radius = kind === "operation" || kind === "output" ? 3 : height / 2;
  return svg(
    "g",
    {
      class: `node ${kind}${color}`,
      transform: `translate(${(x - width / 2).toFixed(1)} ${(y - height / 2).toFixed(1)})`,
      "data-id": node.id,
      "data-line": node.line ?? null,
      role: "button",
      tabindex: -1,
      "aria-label": words.join(", "),
    },
    svg("title", {}, `${node.label} (${node.op})`),
    svg("rect", { width, height, rx: radius }),
    svg("text", { x: width / 2, y: height / 2 + 4.5, "text-anchor": "middle" }, shorten(node.label)),
  );
}

/** One graph, drawn: it can be moved, enlarged and walked, and marks the nodes of a line. */
export class Drawing {
  #inner = svg("g");
  #size;
  #behavior;
  /** @type {SVGElement[]} */
  #boxes;

  /** @param {Graph} graph @param {string} name */
  constructor(graph, name) {
    const made = plan(graph);
    const { width = 0, height = 0 } = made.graph();
    this.#size = { width, height };
    const head = `arrow-${++drawn}`;
    const lines = made
      .edges()
      .map((edge) =>
        svg("path", { class: "edge", d: path(made.edge(edge).points ?? []), "marker-end": `url(#${head})` }),
      );
    this.#boxes = graph.nodes.map((node) => box(node, made.node(node.id)));
    this.#inner.append(...lines, ...this.#boxes);
    this.element = svg("svg", { class: "picture", role: "group", "aria-label": name }, arrow(head), this.#inner);
    this.#boxes[0]?.setAttribute("tabindex", "0");
    this.#behavior = zoom()
      .scaleExtent([0.05, 4])
      .filter((event) => this.#wants(event))
      .on("zoom", ({ transform }) => this.#inner.setAttribute("transform", String(transform)));
    this.#selection.call(this.#behavior).on("dblclick.zoom", null);
    this.element.addEventListener("keydown", (event) => this.#key(/** @type {KeyboardEvent} */ (event)));
  }

  get height() {
    return this.#size.height;
  }

  get #selection() {
    return select(/** @type {Element} */ (this.element));
  }

  get #room() {
    const { clientWidth, clientHeight } = this.element;
    return { width: clientWidth, height: clientHeight };
  }

  /** The page scrolls by wheel and by one finger; Ctrl and the wheel, or two fingers, enlarge. @param {any} event */
  #wants(event) {
    if (event.type === "wheel") return event.ctrlKey || event.metaKey;
    if (event.type.startsWith("touch")) return event.touches.length > 1;
    return !event.button;
  }

  /** All of it, or as much as can be read. */
  fit() {
    const { scale, x, y } = fitting(this.#size, this.#room);
    this.#selection.call(this.#behavior.transform, zoomIdentity.translate(x, y).scale(scale));
  }

  /** @param {number} steps */
  zoom(steps) {
    this.#selection.call(this.#behavior.scaleBy, STEP ** steps);
  }

  /** Mark nodes, and only these. @param {Set<string>} ids */
  mark(ids) {
    for (const one of this.#boxes) one.classList.toggle("looked", ids.has(one.dataset.id ?? ""));
  }

  /** The whole drawing as a file of its own, looking as it does here. */
  source() {
    const copy = /** @type {SVGElement} */ (this.element.cloneNode(true));
    const { width, height } = this.#size;
    const set = { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height };
    for (const [name, value] of Object.entries(set)) copy.setAttribute(name, String(value));
    copy.querySelector(":scope > g")?.removeAttribute("transform");
    const theirs = copy.querySelectorAll("rect, text, path");
    this.element.querySelectorAll("rect, text, path").forEach((own, index) => {
      const style = getComputedStyle(own);
      for (const name of LOOKS) theirs[index]?.setAttribute(name, style.getPropertyValue(name));
    });
    copy.prepend(svg("rect", { width, height, fill: getComputedStyle(document.body).backgroundColor }));
    return new XMLSerializer().serializeToString(copy);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const steps = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });
    const at = this.#boxes.indexOf(/** @type {SVGElement} */ (event.target));
    const step = steps[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step && at >= 0) this.#focus(Math.max(0, Math.min(at + step, this.#boxes.length - 1)));
    else if (event.key === "+" || event.key === "=") this.zoom(1);
    else if (event.key === "-") this.zoom(-1);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  /** @param {number} index */
  #focus(index) {
    for (const one of this.#boxes) one.setAttribute("tabindex", "-1");
    const next = this.#boxes[index];
    next?.setAttribute("tabindex", "0");
    next?.focus({ preventScroll: true });
    if (next) this.#bring(next);
  }

  /** Move the picture so that a node is seen. @param {SVGElement} node */
  #bring(node) {
    const [own, room] = [node.getBoundingClientRect(), this.element.getBoundingClientRect()];
    const inside = own.left >= room.left && own.right <= room.right && own.top >= room.top && own.bottom <= room.bottom;
    if (inside) return;
    const scale = own.height / HEIGHT || 1;
    const x = (room.left + room.width / 2 - own.left - own.width / 2) / scale;
    const y = (room.top + room.height / 2 - own.top - own.height / 2) / scale;
    this.#selection.call(this.#behavior.translateBy, x, y);
  }
}

const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "text-anchor"];
