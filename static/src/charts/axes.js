/** What the charts share: room for text, grid lines, axes with their ticks. */

import { svg } from "../dom.js";

/** Of the charts' text, 12 pixels high; wide characters take two places. */
const CHARACTER = 6.7;
const WIDE = /[\u2e80-\uffef]/;

/** @param {string} text */
export const textWidth = (text) => CHARACTER * [...text].reduce((sum, one) => sum + (WIDE.test(one) ? 1.8 : 1), 0);

/** @param {string} text @param {number} room in pixels */
export function fit(text, room) {
  if (textWidth(text) <= room) return text;
  let short = text;
  while (short && textWidth(`${short}…`) > room) short = short.slice(0, -1);
  return `${short}…`;
}

/** @param {string} text @param {number} x @param {number} y @param {Record<string, string | number>} [more] */
export const label = (text, x, y, more = {}) => svg("text", { x, y, ...more }, text);

/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

/** @param {Scale} scale @param {Box} box @param {(value: number) => string} words */
export function across(scale, { top, bottom }, words) {
  let free = Number.NEGATIVE_INFINITY;
  return scale.ticks.flatMap((value) => {
    const x = scale.place(value);
    const text = words(value);
    const half = textWidth(text) / 2;
    const parts = [svg("path", { class: "grid", d: `M${x.toFixed(1)} ${top}V${bottom}` })];
    if (x - half > free) {
      parts.push(label(text, x, bottom + 16, { "text-anchor": "middle", class: "tick" }));
      free = x + half + 6;
    }
    return parts;
  });
}

/** @param {Scale} scale @param {Box} box @param {(value: number) => string} words */
export function upward(scale, { left, right }, words) {
  return scale.ticks.flatMap((value) => {
    const y = scale.place(value);
    return [
      svg("path", { class: "grid", d: `M${left} ${y.toFixed(1)}H${right}` }),
      label(words(value), left - 6, y + 4, { "text-anchor": "end", class: "tick" }),
    ];
  });
}

/** @param {number} width @param {number} height @param {string} name */
export const canvas = (width, height, name) =>
  svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": name, class: "chart" });
