/** Time until so many calls were done, and where one path overtakes another. */

/** @typedef {import("../types").Benchmark} Benchmark */
/** @typedef {[number, number]} Point */

/** What was measured of the first calls; without a curve, what compiling, the first call and the median make of them. @param {Benchmark} one @returns {Point[]} */
export function measured({ curve, compile_ns, import_ns = 0, first_call_ns }) {
  const known = (curve ?? []).filter(([calls]) => calls > 0);
  return known.length ? known : [[1, compile_ns + import_ns + first_call_ns]];
}

/** How many calls were really made, one by one; what comes after is computed. @param {Benchmark} one */
export const counted = (one) => one.measured_calls || /** @type {Point} */ (measured(one).at(-1))[0];

/** Total time of the first `calls` calls: between points as the points say, after the last at the steady pace. @param {Benchmark} one @param {number} calls */
export function totalAt(one, calls) {
  const points = measured(one);
  const next = points.findIndex(([at]) => at >= calls);
  const [lastCalls, lastTotal] = /** @type {Point} */ (points.at(-1));
  if (next < 0) return lastTotal + (calls - lastCalls) * one.median_ns;
  const [rightCalls, rightTotal] = /** @type {Point} */ (points[next]);
  const [leftCalls, leftTotal] = points[next - 1] ?? [0, 0];
  if (next === 0) return rightTotal - (rightCalls - calls) * Math.min(one.median_ns, rightTotal / rightCalls);
  return leftTotal + ((calls - leftCalls) / (rightCalls - leftCalls)) * (rightTotal - leftTotal);
}

/** How far the chart goes: past what was measured, and past each break-even that is near enough to be shown. @param {Benchmark[]} benchmarks @param {number} [furthest] */
export function reach(benchmarks, furthest = 1e9) {
  const known = benchmarks.map(counted);
  const crossings = benchmarks.map((one) => (one.break_even_calls ?? 0) * 3).filter((calls) => calls <= furthest);
  return Math.max(1000, ...known, ...crossings);
}

/** Numbers of calls to draw a curve at: what was measured, and round numbers after that. @param {Benchmark} one @param {number} last */
export function places(one, last) {
  const own = measured(one).map(([calls]) => calls);
  const found = new Set(own.filter((calls) => calls <= last));
  for (let calls = 1; calls < last; calls *= 10 ** 0.125) if (calls > Math.max(...own)) found.add(Math.round(calls));
  return [...found.add(1).add(last)].sort((a, b) => a - b);
}

/**
 * Where the second series becomes the smaller one, or stops being it, on logarithmic axes.
 * @param {Point[]} one @param {Point[]} other both in the order of their places @returns {Point[]}
 */
export function crossings(one, other) {
  const values = new Map(other);
  const both = one.flatMap(([at, value]) => {
    const theirs = values.get(at);
    return theirs !== undefined && at > 0 && value > 0 && theirs > 0
      ? [{ at: Math.log(at), ours: Math.log(value), gap: Math.log(value / theirs) }]
      : [];
  });
  return both.slice(1).flatMap((right, index) => {
    const left = /** @type {typeof right} */ (both[index]);
    if (left.gap * right.gap >= 0) return [];
    const part = left.gap / (left.gap - right.gap);
    const between = (/** @type {number} */ a, /** @type {number} */ b) => Math.exp(a + part * (b - a));
    return [[between(left.at, right.at), between(left.ours, right.ours)]];
  });
}
