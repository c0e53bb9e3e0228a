/** Tables as CSV (RFC 4180), for spreadsheets. */

/** @typedef {string | number | null | undefined} Cell */

/**
 * A spreadsheet takes text that starts with one of these for a formula; a snippet may have named it so.
 * See OWASP, CSV injection.
 */
const FORMULA = /^[=+\-@\t\r]/;

/** @param {Cell} cell */
function field(cell) {
  if (cell == null) return "";
  if (typeof cell === "number") return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {string[]} heads @param {Cell[][]} rows */
export const csv = (heads, rows) => [heads, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
