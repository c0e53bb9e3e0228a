/** How each path looks in every chart: a color, a dash and a mark, so that none is told by color alone. */

import { svg } from "../dom.js";

const COLORS = 7;
/** @type {((x: number, y: number) => string)[]} */
const SHAPES = [
  (x, y) => `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`,
  (x, y) => `M${x - 4} ${y - 4}h8v8h-8z`,
  (x, y) => `M${x} ${y - 5}l5 9h-10z`,
  (x, y) => `M${x} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`,
  (x, y) => `M${x} ${y + 5}l5 -9h-10z`,
  (x, y) => `M${x - 1.5} ${y - 5}h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z`,
];
const DASHES = ["", "7 3", "2 3", "9 3 2 3", "4 2"];

/** @typedef {{index: number, className: string, dash: string}} Style */

/** @param {string[]} paths in the order in which they were first said @returns {(path: string) => Style} */
export function styles(paths) {
  return (path) => {
    const index = Math.max(0, paths.indexOf(path));
    return { index, className: `series-${index % COLORS}`, dash: DASHES[index % DASHES.length] ?? "" };
  };
}

/** @param {Style} style @param {number} x @param {number} y */
export function mark({ index, className }, x, y) {
  const shape = /** @type {(x: number, y: number) => string} */ (SHAPES[index % SHAPES.length]);
  return svg("path", { class: `mark ${className}`, d: shape(x, y) });
}
