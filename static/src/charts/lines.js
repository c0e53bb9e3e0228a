/** Lines on logarithmic axes, each named where it ends; crossings marked; values read off by pointer or arrow keys. */

import { svg } from "../dom.js";
import { across, canvas, fit, label, textWidth, upward } from "./axes.js";
import { extent, logarithmic } from "./scale.js";
import { mark } from "./series.js";

/** @typedef {import("./series.js").Style} Style */
/** @typedef {[number, number]} Point */
/**
 * @typedef {object} Line
 * @property {string} name
 * @property {Style} style
 * @property {Point[]} points
 * @property {[number, number][]} [intervals] of each point
 * @property {boolean} [marked] each point is a measurement of its own
 * @property {number} [known] up to where it was measured; the rest is computed
 * @property {string[]} [signs] of each point, where there is something to say
 */
/** @typedef {{at: Point, text: string, style: Style}} Crossing */
/**
 * @typedef {object} Axes
 * @property {number} width
 * @property {number} [height]
 * @property {string} title
 * @property {string} across what the horizontal axis counts
 * @property {(value: number) => string} xWords
 * @property {(value: number) => string} yWords
 * @property {[number, number]} [yDomain]
 */

const GAP = 15;

/** @param {Line[]} lines @param {Crossing[]} crossings @param {Axes} axes */
export function lines(lines, crossings, axes) {
  const { width, height = 260, title, yDomain } = axes;
  const root = canvas(width, height, title);
  const names = Math.min(width * 0.3, 22 + Math.max(...lines.map(({ name }) => textWidth(name))));
  const box = { left: 58, right: width - names, top: crossings.length ? 26 : 8, bottom: height - 40 };
  const xs = lines.flatMap(({ points }) => points.map(([x]) => x));
  const ys = lines.flatMap(({ points, intervals = [] }) => [...points.map(([, y]) => y), ...intervals.flat()]);
  const x = logarithmic(extent(xs), [box.left, box.right], (box.right - box.left) / 42);
  const y = logarithmic(yDomain ?? extent(ys, 1.15), [box.bottom, box.top], (box.bottom - box.top) / 26);
  root.append(...across(x, box, axes.xWords), ...upward(y, box, axes.yWords));
  root.append(label(axes.across, (box.left + box.right) / 2, height - 6, { "text-anchor": "middle", class: "tick" }));
  for (const line of lines) root.append(curve(line, x, y));
  root.append(...ends(lines, y, box, width));
  root.append(...marks(crossings, x, y, width));
  return { root, x, box };
}

/** @param {Point[]} points @param {import("./scale.js").Scale} x @param {import("./scale.js").Scale} y */
const trace = (points, x, y) =>
  points
    .map((point, index) => `${index ? "L" : "M"}${x.place(point[0]).toFixed(1)} ${y.place(point[1]).toFixed(1)}`)
    .join("");

/** @param {Line} line @param {import("./scale.js").Scale} x @param {import("./scale.js").Scale} y */
function curve({ name, style, points, intervals = [], marked, known = Number.POSITIVE_INFINITY, signs = [] }, x, y) {
  const group = svg("g", { class: style.className });
  const seen = points.filter(([at]) => at <= known);
  const rest = points.slice(Math.max(0, seen.length - 1));
  group.append(svg("title", {}, name));
  group.append(svg("path", { class: "line", d: trace(seen, x, y), "stroke-dasharray": style.dash || null }));
  if (rest.length > 1)
    group.append(svg("path", { class: "line computed", d: trace(rest, x, y), "stroke-dasharray": style.dash || null }));
  for (const [index, [low, high]] of intervals.entries()) {
    const at = x.place((points[index] ?? [1, 1])[0]).toFixed(1);
    group.append(svg("path", { class: "whisker", d: `M${at} ${y.place(low).toFixed(1)}V${y.place(high).toFixed(1)}` }));
  }
  for (const [index, [px, py]] of (marked ? points : seen.slice(-1)).entries()) {
    group.append(mark(style, x.place(px), y.place(py)));
    if (signs[index])
      group.append(label(signs[index], x.place(px), y.place(py) - 10, { "text-anchor": "middle", class: "sign" }));
  }
  return group;
}

/** Names at the ends of the lines, moved apart where they would lie on each other. @param {Line[]} lines @param {import("./scale.js").Scale} y @param {import("./axes.js").Box} box @param {number} width */
function ends(lines, y, box, width) {
  const wanted = lines
    .flatMap(({ name, style, points }) => {
      const last = points.at(-1);
      return last ? [{ name, style, at: y.place(last[1]) }] : [];
    })
    .sort((a, b) => a.at - b.at);
  for (const [index, one] of wanted.entries()) {
    const above = wanted[index - 1];
    if (above) one.at = Math.max(one.at, above.at + GAP);
  }
  const over = Math.max(0, (wanted.at(-1)?.at ?? 0) - box.bottom);
  for (const one of wanted) one.at -= over;
  return wanted.flatMap(({ name, style, at }) => [
    mark(style, box.right + 10, at),
    label(fit(name, width - box.right - 20), box.right + 19, at + 4),
  ]);
}

/** A ring where one line crosses the other, and over it, at the top, where that is. @param {Crossing[]} crossings @param {import("./scale.js").Scale} x @param {import("./scale.js").Scale} y @param {number} width */
function marks(crossings, x, y, width) {
  let free = 0;
  return crossings
    .toSorted((one, other) => one.at[0] - other.at[0])
    .map(({ at, text, style }) => {
      const [cx, cy] = [x.place(at[0]), y.place(at[1])];
      const wide = textWidth(text) + 14;
      const start = Math.min(width - wide, Math.max(free, cx - wide / 2));
      free = start + wide + 8;
      const leader = `M${(start + wide / 2).toFixed(1)} 16L${cx.toFixed(1)} 24V${(cy - 6).toFixed(1)}`;
      return svg(
        "g",
        { class: `crossing ${style.className}` },
        svg("path", { class: "drop", d: leader }),
        svg("circle", { cx, cy, r: 6 }),
        mark(style, start + 5, 7),
        label(text, start + 14, 11),
      );
    });
}
