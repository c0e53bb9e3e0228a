/** Text and tables as Markdown, to be pasted into an issue. */

/** What would end a cell or become markup. @param {string} text */
const plain = (text) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replace(/\s+/g, " ")
    .trim();

/** @param {string[]} heads @param {string[][]} rows */
export function markdownTable(heads, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.map(plain).join(" | ")} |`;
  // The first column holds names, the others mostly numbers.
  const rule = `|${heads.map((_, index) => (index ? " ---: |" : " --- |")).join("")}`;
  return [line(heads), rule, ...rows.map(line)].join("\n");
}

/** @param {{title: string, lines?: string[], items?: string[], tables?: {title: string, heads: string[], rows: string[][]}[], foot?: string[]}} document */
export function markdown({ title, lines = [], items = [], tables = [], foot = [] }) {
  const parts = [`### ${plain(title)}`, ...lines.map(plain)];
  if (items.length) parts.push(items.map((item) => `- ${plain(item)}`).join("\n"));
  for (const { title: name, heads, rows } of tables) parts.push(`**${plain(name)}**`, markdownTable(heads, rows));
  return `${[...parts, ...foot].filter(Boolean).join("\n\n")}\n`;
}
