/** How long names hold their values: pure functions over lifetime events. */

/** @typedef {import("./types").Lifetime} Lifetime */
/** @typedef {import("./types").Memory} Memory */
/** @typedef {{level: string, title: string, lives: Lifetime[], memory: Memory | null}} Form */

const ORDER = ["program", "inlined", "folded", "released"];

/** Lives and memory of the same program in the same form, in the order of the passes. @param {Lifetime[]} lives @param {Memory[]} memory @returns {Form[]} */
export function forms(lives, memory) {
  /** @type {Map<string, Form>} */
  const found = new Map();
  for (const life of lives) {
    const { level, title = "" } = life;
    const key = `${level}\n${title}`;
    const known = found.get(key) ?? { level, title, lives: [], memory: null };
    found.set(key, known);
    known.lives.push(life);
  }
  for (const one of memory) {
    const form = found.get(`${one.level}\n${one.title ?? ""}`);
    if (form) form.memory = one;
  }
  return [...found.values()].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
}

/** The last line that any life reaches. @param {Form[]} all */
export const lastLine = (all) => Math.max(1, ...all.flatMap(({ lives }) => lives.map(({ last }) => last)));

/** Which lines get a number on an axis: few enough to be read. @param {number} last @param {number} most @returns {number[]} */
export function ticks(last, most) {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
  const step = steps.find((one) => last / one <= most) ?? 10_000;
  const found = [];
  for (let line = step; line <= last; line += step) found.push(line);
  return found[0] === 1 ? found : [1, ...found];
}

/**
 * Where the parts of a bar are, as shares of the axis: needed, and only held. A line is as wide as all others.
 * @param {Lifetime} life
 * @param {number} lines how many the axis has
 */
export function bar({ first, last_use, last }, lines) {
  const at = (/** @type {number} */ line) => line / lines;
  const needed = last_use ?? first;
  return { from: at(first - 1), needed: at(Math.max(first, needed)), to: at(last) };
}

/** Which are charted, when there are too many for it: what holds most, in the order of the lines. @param {Lifetime[]} lives @param {number} most */
export function charted(lives, most) {
  const kept = new Set([...lives].sort((a, b) => (b.held_bytes ?? 0) - (a.held_bytes ?? 0)).slice(0, most));
  return lives.filter((life) => kept.has(life));
}

/** The name as it is written in its scope. @param {Lifetime} life */
export const nameOf = ({ scope, name }) => (scope === "<module>" ? name : `${scope}.${name}`);
