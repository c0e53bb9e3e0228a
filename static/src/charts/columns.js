/** Tables of which a column is there only if some row has something to say in it. */

/**
 * @template T
 * @typedef {{head: string, cell: (row: T) => string | null}} Column
 */
/** @typedef {{title: string, heads: string[], rows: string[][]}} Table */

/**
 * @template T
 * @param {string} title @param {Column<T>[]} columns @param {T[]} rows @returns {Table}
 */
export function tableOf(title, columns, rows) {
  const used = columns.filter(({ cell }) => rows.some((row) => cell(row) !== null));
  return {
    title,
    heads: used.map(({ head }) => head),
    rows: rows.map((row) => used.map(({ cell }) => cell(row) ?? "–")),
  };
}

/**
 * The same objects as plain values, for a spreadsheet: every column, in base units.
 * @template T
 * @param {[string, (row: T) => import("./csv.js").Cell][]} columns @param {T[]} rows
 */
export const valuesOf = (columns, rows) => ({
  heads: columns.map(([head]) => head),
  rows: rows.map((row) => columns.map(([, cell]) => cell(row))),
});
