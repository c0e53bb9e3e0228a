/** What is known of a dataflow graph before anything is drawn: pure functions over graph events. */

import { colorOf } from "./lines.js";

/** @typedef {import("./types").Graph} Graph */
/** @typedef {import("./types").GraphNode} GraphNode */
/** @typedef {import("./types").NodeKind} NodeKind */

/** A graph too large to draw in good time, and to read, is a list only. */
export const DRAWN = 600;

/** From what a program is to what runs: in this order the graphs of its forms are shown; all others follow. */
const FORMS = ["program", "inlined", "folded", "released"];

/** @type {Record<string, NodeKind>} */
const KINDS = {
  placeholder: "value",
  get_attr: "value",
  "prim::Param": "value",
  output: "output",
  "prim::Return": "output",
};

/** Graphs of compilers say only what an operation is. @param {GraphNode} node @returns {NodeKind} */
export const kindOf = ({ kind, op }) => (kind && kind !== "operation" ? kind : (KINDS[op] ?? "operation"));

/** @param {Graph} graph */
const rank = ({ level }) => (FORMS.includes(level) ? FORMS.indexOf(level) : FORMS.length);

/** Where a new graph belongs among those that are there. @param {Graph[]} graphs @param {Graph} graph */
export function placeFor(graphs, graph) {
  const last = graphs.findLastIndex((one) => rank(one) <= rank(graph));
  return last + 1;
}

/** What flows into each node, by the labels of where it comes from. @param {Graph} graph @returns {{node: GraphNode, from: string[]}[]} */
export function rows({ nodes, edges }) {
  const labels = new Map(nodes.map((node) => [node.id, node.label]));
  /** @type {Map<string, string[]>} */
  const into = new Map(nodes.map((node) => [node.id, []]));
  for (const [from, to] of edges) into.get(to)?.push(labels.get(from) ?? from);
  return nodes.map((node) => ({ node, from: into.get(node.id) ?? [] }));
}

/** All lines of the program that a graph shows, each with its color. @param {Graph} graph @returns {Map<number, number>} */
export const colorsOf = ({ nodes }) => new Map(nodes.flatMap(({ line }) => (line ? [[line, colorOf(line)]] : [])));

/** The nodes that belong to a line of the program. @param {Graph} graph @param {number | null} line */
export const nodesOf = ({ nodes }, line) =>
  new Set(nodes.filter((node) => node.line === line && line).map(({ id }) => id));

/** @param {string} text @param {number} [most] */
export const shorten = (text, most = 36) =>
  [...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text;

const CHARACTER = 7.4;

/** Wide characters take two places. @param {string} text */
export const widthOf = (text) => 28 + CHARACTER * [...text].reduce((sum, one) => sum + (one > "\u2e80" ? 1.8 : 1), 0);

/** The scale at which all of a drawing is seen, never larger than life. @param {{width: number, height: number}} drawing @param {{width: number, height: number}} room */
export function fitting(drawing, room) {
  const scale = Math.min(1, room.width / drawing.width, room.height / drawing.height);
  return {
    scale,
    x: (room.width - drawing.width * scale) / 2,
    y: Math.max(0, (room.height - drawing.height * scale) / 2),
  };
}

/**
 * Whether a layout runs against the reader: of nodes side by side, most stand to the left of those that came before.
 * @param {{x: number, y: number}[]} places in the order of the program
 */
export function isMirrored(places) {
  /** @type {Map<number, number>} */
  const last = new Map();
  let sum = 0;
  for (const { x, y } of places) {
    const before = last.get(y);
    if (before !== undefined) sum += Math.sign(x - before);
    last.set(y, x);
  }
  return sum < 0;
}
