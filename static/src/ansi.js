/** ANSI colors (SGR) to pieces of text with class names. State is a value, so that a line can be looked at twice. */

/** @typedef {{fg: string, bg: string, styles: string[]}} Pen */
/** @typedef {{text: string, classes: string, color: string, background: string}} Piece */

/** @type {Pen} */
export const PLAIN = { fg: "", bg: "", styles: [] };

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
/** @type {Record<number, string>} */
const ON = { 1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike" };
/** @type {Record<number, string[]>} */
const OFF = { 22: ["bold", "dim"], 23: ["italic"], 24: ["underline"], 27: ["reverse"], 29: ["strike"] };
// One control sequence (CSI), or one operating system command (OSC, such as a title or a link).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const SEQUENCE = /\u001b(?:\[([0-9;:?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;

/**
 * @param {string} text
 * @param {Pen} pen
 * @returns {{pieces: Piece[], pen: Pen}}
 */
export function paint(text, pen) {
  /** @type {Piece[]} */
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(SEQUENCE)) {
    add(pieces, text.slice(from, match.index), pen);
    if (match[2] === "m") pen = apply(pen, match[1] ?? "");
    from = match.index + match[0].length;
  }
  add(pieces, text.slice(from), pen);
  return { pieces, pen };
}

/** @param {Piece[]} pieces @param {string} text @param {Pen} pen */
function add(pieces, text, { fg, bg, styles }) {
  if (!text) return;
  const free = (/** @type {string} */ color) => (color.startsWith("rgb") ? color : "");
  const names = [fg && !free(fg) && `fg-${fg}`, bg && !free(bg) && `bg-${bg}`, ...styles.map((one) => `ansi-${one}`)];
  pieces.push({ text, classes: names.filter(Boolean).join(" "), color: free(fg), background: free(bg) });
}

/** @param {Pen} pen @param {string} parameters @returns {Pen} */
function apply(pen, parameters) {
  const codes = parameters.split(/[;:]/).map(Number);
  while (codes.length > 0) {
    const code = codes.shift() ?? 0;
    if (code === 38) pen = { ...pen, fg: extended(codes) };
    else if (code === 48) pen = { ...pen, bg: extended(codes) };
    else pen = simple(pen, code);
  }
  return pen;
}

/** @param {Pen} pen @param {number} code @returns {Pen} */
function simple(pen, code) {
  const name = NAMES[code % 10];
  const tens = Math.floor(code / 10);
  if (code === 0) return PLAIN;
  if (ON[code]) return { ...pen, styles: [...pen.styles.filter((one) => one !== ON[code]), ON[code]] };
  if (OFF[code]) return { ...pen, styles: pen.styles.filter((one) => !OFF[code]?.includes(one)) };
  if (code === 39) return { ...pen, fg: "" };
  if (code === 49) return { ...pen, bg: "" };
  if (name && tens === 3) return { ...pen, fg: name };
  if (name && tens === 4) return { ...pen, bg: name };
  if (name && tens === 9) return { ...pen, fg: `bright-${name}` };
  if (name && tens === 10) return { ...pen, bg: `bright-${name}` };
  return pen;
}

/** `5;n` of the palette of 256, or `2;r;g;b`. @param {number[]} codes */
function extended(codes) {
  const kind = codes.shift();
  if (kind === 2) return rgb(...codes.splice(0, 3));
  if (kind !== 5) return "";
  const index = codes.shift() ?? 0;
  if (index < 16) return `${index > 7 ? "bright-" : ""}${NAMES[index % 8]}`;
  if (index > 231) return rgb(...Array(3).fill(8 + 10 * (index - 232)));
  const level = (/** @type {number} */ value) => (value ? 55 + 40 * value : 0);
  const cube = index - 16;
  return rgb(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

/** @param {number[]} channels */
const rgb = (...channels) => `rgb(${channels.map((value) => Math.max(0, Math.min(255, value || 0))).join(", ")})`;
