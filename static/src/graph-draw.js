/** A dataflow graph as SVG, laid out by dagre. Its own chunk: most readers never open it. */

import { graphlib, layout } from "@dagrejs/dagre";
import { svg } from "./dom.js";

/** @typedef {import("./types").Graph} Graph */

const CHARACTER = 7.4;
const HEIGHT = 30;
let drawn = 0;

/** @param {string} text */
const shorten = (text) => (text.length > 36 ? `${text.slice(0, 35)}…` : text);

/** Wide characters take two places. @param {string} text */
const width = (text) => 24 + CHARACTER * [...text].reduce((sum, one) => sum + (one > "\u2e80" ? 1.8 : 1), 0);

/** @param {{x: number, y: number}[]} points */
const path = (points) =>
  points.map(({ x, y }, index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/**
 * @param {Graph} graph
 * @param {{name: string, colorOf: (line: number) => number, go: (line: number) => void}} options
 */
export function draw(graph, { name, colorOf, go }) {
  const plan = new graphlib.Graph();
  plan.setGraph({ rankdir: "TB", nodesep: 24, ranksep: 36, marginx: 8, marginy: 8 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) plan.setNode(node.id, { width: width(shorten(node.label)), height: HEIGHT });
  for (const [from, to] of graph.edges) if (plan.hasNode(from) && plan.hasNode(to)) plan.setEdge(from, to);
  layout(plan);
  const { width: wide = 0, height: high = 0 } = plan.graph();
  const root = svg("svg", {
    viewBox: `0 0 ${wide} ${high}`,
    width: wide,
    height: high,
    role: "img",
    "aria-label": name,
  });
  const head = `arrow-${++drawn}`;
  root.append(arrow(head));
  for (const edge of plan.edges())
    root.append(svg("path", { class: "edge", d: path(plan.edge(edge).points ?? []), "marker-end": `url(#${head})` }));
  for (const node of graph.nodes) root.append(box(node, plan.node(node.id), colorOf, go));
  return root;
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

/**
 * @param {import("./types").GraphNode} node
 * @param {{x: number, y: number, width: number, height: number}} place
 * @param {(line: number) => number} colorOf
 * @param {(line: number) => void} go
 */
function box(node, { x, y, width, height }, colorOf, go) {
  const { line } = node;
  const color = line ? `color-${colorOf(line)}` : "";
  const group = svg("g", { class: `node ${color}`, transform: `translate(${x - width / 2} ${y - height / 2})` });
  group.append(svg("title", {}, `${node.op} ${node.label}`), svg("rect", { width, height, rx: 6 }));
  group.append(svg("text", { x: width / 2, y: height / 2 + 4.5, "text-anchor": "middle" }, shorten(node.label)));
  if (line) group.addEventListener("click", () => go(line));
  return group;
}
