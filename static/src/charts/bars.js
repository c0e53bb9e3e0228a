/** Bars: a value for each path with the interval it may lie in, and what a value is made of. */

import { svg } from "../dom.js";
import { duration, tick } from "../format.js";
import { across, canvas, fit, label, textWidth } from "./axes.js";
import { extent, linear, logarithmic } from "./scale.js";
import { mark } from "./series.js";

/** @typedef {import("./series.js").Style} Style */
/** @typedef {{name: string, style: Style, value: number, interval: [number, number], steady: boolean}} Bar */
/** @typedef {{name: string, parts: {name: string, index: number, value: number}[]}} Stack */

const ROW = 30;
const FOOT = 26;
/** Beyond this the shortest bar could not be seen: points on a logarithmic axis instead. */
const FAR = 40;

/** Of the mark before a name. */
const INDENT = 14;

/** @param {string[]} names @param {string[]} values @param {number} width @param {number} [indent] */
function columns(names, values, width, indent = 0) {
  const left = Math.min(width * 0.36, 12 + indent + Math.max(...names.map(textWidth)));
  const right = Math.max(...values.map(textWidth)) + 14;
  return { left, right: width - right };
}

/** @param {Bar[]} bars @param {{width: number, title: string}} options */
export function bars(bars, { width, title }) {
  const height = bars.length * ROW + FOOT;
  const root = canvas(width, height, title);
  const values = bars.map(({ value }) => duration(value));
  const { left, right } = columns(
    bars.map(({ name }) => name),
    values,
    width,
    INDENT,
  );
  const [least, most] = extent(bars.flatMap(({ value, interval }) => [value, ...interval]));
  const apart = extent(bars.map(({ value }) => value));
  const far = apart[1] / apart[0] > FAR;
  /** @type {[number, number]} */
  const range = [left, right];
  const scale = far ? logarithmic([least / 1.5, most * 1.2], range, (right - left) / 60) : linear(most, range);
  const bottom = height - FOOT + 2;
  root.append(...across(scale, { left, right, top: 0, bottom }, tick));
  for (const [index, bar] of bars.entries()) root.append(row(bar, index * ROW, { scale, left, right, far }));
  return root;
}

/** @param {Bar} bar @param {number} top @param {{scale: import("./scale.js").Scale, left: number, right: number, far: boolean}} plot */
function row({ name, style, value, interval, steady }, top, { scale, left, right, far }) {
  const middle = top + ROW / 2;
  const end = scale.place(value);
  const group = svg("g", { class: style.className });
  group.append(svg("title", {}, `${name}: ${duration(value)}`), mark(style, 5, middle));
  group.append(label(fit(name, left - 8 - INDENT), INDENT, middle + 4));
  if (!far) {
    const box = { x: left, y: top + 6, width: Math.max(1, end - left), height: ROW - 12, rx: 2 };
    group.append(svg("rect", { class: `bar${steady ? "" : " unsure"}`, ...box }));
  }
  group.append(whisker(scale.place(interval[0]), scale.place(interval[1]), middle));
  if (far) group.append(mark(style, end, middle));
  group.append(label(duration(value), right + 12, middle + 4, { class: "value" }));
  return group;
}

/** @param {number} low @param {number} high @param {number} y */
const whisker = (low, high, y) =>
  svg("path", {
    class: "whisker",
    d: `M${low.toFixed(1)} ${y - 5}v10M${low.toFixed(1)} ${y}H${high.toFixed(1)}M${high.toFixed(1)} ${y - 5}v10`,
  });

/** What each value is made of, all on one scale. @param {Stack[]} stacks @param {{width: number, title: string}} options */
export function stacks(stacks, { width, title }) {
  const totals = stacks.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const height = stacks.length * ROW + FOOT + 22;
  const root = canvas(width, height, title);
  const { left, right } = columns(
    stacks.map(({ name }) => name),
    totals.map(duration),
    width,
  );
  const scale = linear(Math.max(...totals), [left, right]);
  const bottom = height - FOOT - 20;
  root.append(...across(scale, { left, right, top: 0, bottom }, tick));
  for (const [index, stack] of stacks.entries()) {
    const middle = index * ROW + ROW / 2;
    root.append(label(fit(stack.name, left - 8), 0, middle + 4), ...pieces(stack, index * ROW, scale));
    root.append(label(duration(totals[index] ?? 0), right + 12, middle + 4, { class: "value" }));
  }
  root.append(...legend(stacks, height - 6));
  return root;
}

/** @param {Stack} stack @param {number} top @param {import("./scale.js").Scale} scale */
function pieces({ parts }, top, scale) {
  let done = 0;
  return parts
    .filter(({ value }) => value > 0)
    .map(({ name, index, value }) => {
      const from = scale.place(done);
      done += value;
      const wide = Math.max(0, scale.place(done) - from - 1);
      const box = { x: from, y: top + 5, width: wide, height: ROW - 10, class: `piece part-${index % 6}` };
      const group = svg("g", {}, svg("title", {}, `${name}: ${duration(value)}`), svg("rect", box));
      const text = textWidth(name) + 8 < wide ? name : "";
      group.append(label(text, from + wide / 2, top + ROW / 2 + 4, { "text-anchor": "middle", class: "inside" }));
      return group;
    });
}

/** The parts in the order in which they stand in every bar. @param {Stack[]} stacks @param {number} y */
function legend(stacks, y) {
  const names = new Map(stacks.flatMap(({ parts }) => parts.map(({ name, index }) => [name, index])));
  let x = 0;
  return [...names].flatMap(([name, index]) => {
    const at = x;
    x += textWidth(name) + 36;
    return [
      svg("rect", { x: at, y: y - 10, width: 12, height: 12, class: `piece part-${index % 6}` }),
      label(name, at + 18, y),
    ];
  });
}
