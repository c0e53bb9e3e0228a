/** Numbers for readers: three significant digits, a unit chosen by size. */

/** @type {[number, string][]} */
const TIME = [
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
  [1, "ns"],
];
/** @type {[number, string][]} */
const SIZE = [
  [2 ** 30, "GB"],
  [2 ** 20, "MB"],
  [2 ** 10, "KB"],
  [1, "B"],
];

/** @param {number} value */
export function significant(value) {
  if (value === 0) return "0";
  return Math.abs(value) >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}

/**
 * @param {number} value
 * @param {[number, string][]} scale
 */
function scaled(value, scale) {
  const smallest = /** @type {[number, string]} */ (scale.at(-1));
  // A value that would round up to the next unit belongs to it: 1000 µs is 1.00 ms.
  const [unit, name] = scale.find(([size]) => value >= size * 0.9995) ?? smallest;
  return `${unit === 1 ? Math.round(value) : significant(value / unit)} ${name}`;
}

/** @param {number} ns */
export const duration = (ns) => scaled(ns, TIME);

/** A round number on an axis: as short as it can be said. @param {number} ns */
export function tick(ns) {
  if (ns === 0) return "0";
  const [unit, name] = TIME.find(([size]) => ns >= size * 0.9995) ?? /** @type {[number, string]} */ (TIME.at(-1));
  return `${Number((ns / unit).toPrecision(3))} ${name}`;
}

/** A round count on an axis: 10K, 1M. @param {number} count */
export const compact = (count) => Number(count.toPrecision(3)).toLocaleString("en-US", { notation: "compact" });

/** @param {number} bytes */
export const size = (bytes) => scaled(bytes, SIZE);

/** Time that counts while one looks: tenths of a second, so that it does not flicker. @param {number} ns */
export const elapsed = (ns) => `${(ns / 1e9).toFixed(1)} s`;

/** @param {number} part @param {number} whole */
export const share = (part, whole) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)}%` : "0%");

/** @param {number} value */
export const error = (value) => (value === 0 ? "0" : value.toExponential(2));

/** @param {number} count */
export const count = (count) => count.toLocaleString("en-US");
