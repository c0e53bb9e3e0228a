/** Which line of the program became which line of code: pure functions over the maps of a code event. */

/** @typedef {import("./types").Code} Code */
/** @typedef {{line: number, from: number, endLine: number, to: number}} Stretch */

export const COLORS = 8;

/** Stable per source line, and different from its neighbours'. @param {number} line */
export const colorOf = (line) => (line - 1) % COLORS;

/**
 * For each line of code, the lines of the source it came from: of all maps the closest, in their order. What was fused
 * from several lines, or inlined into one, has several.
 * @param {Code} code
 * @returns {Map<number, [number, number][]>}
 */
export function sourcesByLine(code) {
  /** @type {Map<number, [number, number][]>} */
  const found = new Map();
  for (const [first, last, codeFirst, codeLast] of code.map) {
    for (let line = codeFirst; line <= codeLast; line++) {
      const known = found.get(line);
      const closer = known?.[0] ? last - first - (known[0][1] - known[0][0]) : -1;
      if (closer < 0) found.set(line, [[first, last]]);
      else if (closer === 0) known?.push([first, last]);
    }
  }
  return found;
}

/**
 * The lines of code that a source line became: those for which it is named most closely.
 * @param {Code} code
 * @param {number} source
 * @returns {Set<number>}
 */
export function linesFor(code, source) {
  /** @type {Set<number>} */
  const lines = new Set();
  for (const [line, sources] of sourcesByLine(code)) {
    if (sources.some(([first, last]) => first <= source && source <= last)) lines.add(line);
  }
  return lines;
}

/**
 * The stretches of the source that a line of code came from, to the character.
 * @param {Code} code
 * @param {number} line
 * @returns {Stretch[]}
 */
export function stretchesOf(code, line) {
  const found = (code.columns ?? []).filter(([, , , , first, last]) => first <= line && line <= last);
  return found.map(([start, from, endLine, to]) => ({ line: start, from, endLine, to }));
}

/**
 * The lines of code for the smallest expression around a place in the source; empty when no column is known there.
 * @param {Code} code
 * @param {number} line
 * @param {number} column
 * @returns {Set<number>}
 */
export function linesAt(code, line, column) {
  const around = (code.columns ?? []).filter(([start, from, end, to]) => {
    const afterStart = line > start || (line === start && column >= from);
    const beforeEnd = line < end || (line === end && column < to);
    return afterStart && beforeEnd;
  });
  const extent = (/** @type {number[]} */ [start = 0, from = 0, end = 0, to = 0]) => (end - start) * 10_000 + to - from;
  const smallest = Math.min(...around.map(extent));
  /** @type {Set<number>} */
  const lines = new Set();
  for (const span of around.filter((candidate) => extent(candidate) === smallest)) {
    for (let at = span[4]; at <= span[5]; at++) lines.add(at);
  }
  return lines;
}

/** A count of characters as an index into a JavaScript string. @param {string} text @param {number} characters */
export const toIndex = (text, characters) => Array.from(text).slice(0, characters).join("").length;

/** An index into a JavaScript string as a count of characters. @param {string} text @param {number} index */
export const toCharacters = (text, index) => Array.from(text.slice(0, index)).length;

/** All source lines that a code event links to, each with its color. @param {Code} code */
export function colorsBySource(code) {
  /** @type {Map<number, number>} */
  const colors = new Map();
  for (const sources of sourcesByLine(code).values()) {
    for (const [first] of sources) colors.set(first, colorOf(first));
  }
  return colors;
}
