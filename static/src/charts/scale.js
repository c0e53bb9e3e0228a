/** From numbers to places: linear scales that start at zero, logarithmic ones of whole and half decades. */

/** @typedef {{place: (value: number) => number, value: (place: number) => number, ticks: number[]}} Scale */

const STEPS = [1, 2, 5, 10];

/** A round step of which about `count` fit. @param {number} span @param {number} count */
function step(span, count) {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * /** @type {number} */ (STEPS.find((one) => one * power >= rough * 0.9999));
}

/** From zero to `high`, or to `low` where that is below. @param {number} high @param {[number, number]} range @param {number} [count] @param {number} [low] @returns {Scale} */
export function linear(high, [from, to], count = 5, low = 0) {
  const least = Math.min(0, low);
  const most = high > least ? high : least + 1;
  const by = step(most - least, count);
  const ticks = [];
  for (let index = Math.ceil(least / by); index * by <= most * 1.0001; index++) ticks.push(index * by);
  const unit = (to - from) / (most - least);
  return {
    place: (value) => from + (value - least) * unit,
    value: (place) => least + (place - from) / unit,
    ticks,
  };
}

/** @param {number} low @param {number} high @param {number} room how many ticks there is room for */
function decades(low, high, room) {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const within = (/** @type {number} */ value) => value >= low * 0.9999 && value <= high * 1.0001;
  for (const parts of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = [];
    for (let power = first; power <= last; power++) ticks.push(...parts.map((part) => part * 10 ** power));
    const found = ticks.filter(within);
    if (found.length <= room) return found;
  }
  const every = Math.ceil((last - first + 1) / room);
  return Array.from({ length: last - first + 1 }, (_, index) => index)
    .filter((index) => index % every === 0)
    .map((index) => 10 ** (first + index))
    .filter(within);
}

/** Both ends are above zero. @param {[number, number]} domain @param {[number, number]} range @param {number} [room] @returns {Scale} */
export function logarithmic([low, high], [from, to], room = 8) {
  const least = low < high ? low : low / 2;
  const most = low < high ? high : high * 2;
  const unit = (to - from) / Math.log(most / least);
  return {
    place: (value) => from + Math.log(value / least) * unit,
    value: (place) => least * Math.exp((place - from) / unit),
    ticks: decades(least, most, room),
  };
}

/** The smallest and the largest of some numbers, with a margin as on a logarithmic axis. @param {number[]} values @param {number} [margin] @returns {[number, number]} */
export function extent(values, margin = 1) {
  const above = values.filter((value) => value > 0);
  if (!above.length) return [1, 10];
  return [Math.min(...above) / margin, Math.max(...above) * margin];
}
