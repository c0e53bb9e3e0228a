/** Lines of the editor that belong to lines of code: their colors, and which is looked at. */

import { RangeSet, RangeSetBuilder, RangeValue, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";
import { toIndex } from "./lines.js";

/** @typedef {import("@codemirror/state").EditorState} EditorState */
/** @typedef {import("./lines.js").Stretch} Stretch */
/** @typedef {{lines: Set<number>, stretches: Stretch[]}} Looked */

/** A line of the program that was run; it moves as the text above it is edited. */
class RunLine extends RangeValue {
  /** @param {number} number */
  constructor(number) {
    super();
    this.number = number;
  }
}

export const trackLines = StateEffect.define();
/** @type {import("@codemirror/state").StateEffectType<Map<number, number>>} */
export const setColors = StateEffect.define();
/** @type {import("@codemirror/state").StateEffectType<Looked>} */
export const setLooked = StateEffect.define();

/** @param {EditorState} state @returns {RangeSet<RunLine>} */
function number(state) {
  const builder = /** @type {RangeSetBuilder<RunLine>} */ (new RangeSetBuilder());
  for (let line = 1; line <= state.doc.lines; line++) {
    const { from } = state.doc.line(line);
    builder.add(from, from, new RunLine(line));
  }
  return builder.finish();
}

const tracked = StateField.define({
  create: number,
  update: (lines, change) => {
    if (change.effects.some((effect) => effect.is(trackLines))) return number(change.state);
    return lines.map(change.changes);
  },
});

/**
 * @template T
 * @param {import("@codemirror/state").StateEffectType<T>} effect
 * @param {T} empty
 * @returns {StateField<T>}
 */
function kept(effect, empty) {
  return StateField.define({
    create: () => empty,
    update: (value, change) => change.effects.reduce((last, one) => (one.is(effect) ? one.value : last), value),
  });
}

const colors = kept(setColors, /** @type {Map<number, number>} */ (new Map()));
const looked = kept(setLooked, /** @type {Looked} */ ({ lines: new Set(), stretches: [] }));

/** Where a line of the program that was run begins now; null when it is gone. @param {EditorState} state @param {number} line */
export function placeOf(state, line) {
  const cursor = state.field(tracked).iter();
  for (; cursor.value; cursor.next()) if (cursor.value.number === line) return cursor.from;
  return null;
}

/** Which line of the program that was run is at a place now; null for a new one. @param {EditorState} state @param {number} at */
export function lineAt(state, at) {
  const { from } = state.doc.lineAt(at);
  /** @type {number | null} */
  let found = null;
  state.field(tracked).between(from, from, (_from, _to, { number }) => {
    found ??= number;
  });
  return found;
}

const decorations = EditorView.decorations.compute([tracked, colors, looked, "doc"], (state) => {
  const colored = state.field(colors);
  const { lines, stretches } = state.field(looked);
  /** @type {import("@codemirror/state").Range<Decoration>[]} */
  const ranges = [];
  state.field(tracked).between(0, state.doc.length, (at, _to, { number }) => {
    const start = state.doc.lineAt(at).from;
    const color = colored.get(number);
    const names = [color === undefined ? "" : `color-${color}`, lines.has(number) ? "looked" : ""].filter(Boolean);
    if (names.length) ranges.push(Decoration.line({ class: `linked ${names.join(" ")}` }).range(start));
  });
  for (const stretch of stretches) {
    const from = charAt(state, stretch.line, stretch.from);
    const to = charAt(state, stretch.endLine, stretch.to);
    if (from !== null && to !== null && from < to) ranges.push(Decoration.mark({ class: "stretch" }).range(from, to));
  }
  return Decoration.set(ranges, true);
});

/** @param {EditorState} state @param {number} line @param {number} column */
function charAt(state, line, column) {
  const start = placeOf(state, line);
  if (start === null) return null;
  const { from, text } = state.doc.lineAt(start);
  return from + toIndex(text, column);
}

export const links = () => [tracked, colors, looked, decorations];
