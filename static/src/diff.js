/** Which lines of two texts have no equal on the other side: by the longest common subsequence of lines. */

const MOST = 4_000_000;

/**
 * @param {string[]} left
 * @param {string[]} right
 * @returns {{left: Set<number>, right: Set<number>} | null} numbers of lines from 1; null when that would take too long
 */
export function difference(left, right) {
  const wide = right.length + 1;
  if ((left.length + 1) * wide > MOST) return null;
  const lengths = new Uint16Array((left.length + 1) * wide);
  const at = (/** @type {number} */ row, /** @type {number} */ column) => lengths[row * wide + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      const equal = left[row] === right[column];
      const longest = equal ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      lengths[row * wide + column] = longest;
    }
  }
  return walk(left, right, at);
}

/**
 * @param {string[]} left
 * @param {string[]} right
 * @param {(row: number, column: number) => number} at
 */
function walk(left, right, at) {
  const found = { left: /** @type {Set<number>} */ (new Set()), right: /** @type {Set<number>} */ (new Set()) };
  let row = 0;
  let column = 0;
  while (row < left.length || column < right.length) {
    if (row < left.length && column < right.length && left[row] === right[column]) {
      row++;
      column++;
    } else if (column === right.length || (row < left.length && at(row + 1, column) >= at(row, column + 1))) {
      found.left.add(++row);
    } else {
      found.right.add(++column);
    }
  }
  return found;
}
