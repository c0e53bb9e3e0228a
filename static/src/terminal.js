/** Text as a terminal would show it: colors kept over pieces, and carriage returns that write a line anew. */

import { PLAIN, paint } from "./ansi.js";

/** @typedef {import("./ansi.js").Piece} Piece */

// A sequence that the next piece of text will complete.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const UNFINISHED = /\u001b(?:\[[0-9;:?]*|\][^\u0007]*)?$/;

export class Terminal {
  #pen = PLAIN;
  #line = "";

  /**
   * Take text in; give the lines that are complete now, and the last one as it stands.
   * @param {string} text
   * @returns {{lines: Piece[][], open: Piece[]}}
   */
  write(text) {
    const parts = (this.#line + text).replaceAll("\r\n", "\n").split("\n");
    this.#line = parts.pop() ?? "";
    const lines = parts.map((line) => this.#close(line));
    return { lines, open: paint(visible(this.#line), this.#pen).pieces };
  }

  /** @param {string} line */
  #close(line) {
    const { pieces, pen } = paint(visible(line), this.#pen);
    this.#pen = pen;
    return pieces;
  }
}

/** What is left of a line after its carriage returns; one at the end has not written anything over yet. @param {string} line */
function visible(line) {
  const settled = line.replace(UNFINISHED, "").replace(/\r+$/, "");
  return settled.slice(settled.lastIndexOf("\r") + 1);
}
