import assert from "node:assert/strict";
import { test } from "node:test";
import { Terminal } from "../src/terminal.js";

const text = (pieces) => pieces.map((piece) => piece.text).join("");
const shape = (pieces) => pieces.map((piece) => [piece.text, piece.classes]);

test("complete lines are given once, the open one as it stands", () => {
  const terminal = new Terminal();
  assert.deepEqual(terminal.write("one\ntw").lines.map(text), ["one"]);
  const { lines, open } = terminal.write("o\n");
  assert.deepEqual([lines.map(text), text(open)], [["two"], ""]);
});

test("a carriage return writes the line anew, as progress bars do", () => {
  const terminal = new Terminal();
  assert.equal(text(terminal.write("10%\r50%").open), "50%");
  assert.equal(text(terminal.write("\r").open), "50%");
  assert.deepEqual(terminal.write("100%\r\nnext\n").lines.map(text), ["100%", "next"]);
});

test("colors last until they are ended, over lines and over pieces", () => {
  const terminal = new Terminal();
  terminal.write("\u001b[31mred\n");
  assert.deepEqual(shape(terminal.write("still\u001b[1m bold\u001b[0m plain\n").lines[0]), [
    ["still", "fg-red"],
    [" bold", "fg-red ansi-bold"],
    [" plain", ""],
  ]);
});

test("a sequence cut in the middle is not shown, and works when it is whole", () => {
  const terminal = new Terminal();
  assert.equal(text(terminal.write("a\u001b[3").open), "a");
  assert.deepEqual(shape(terminal.write("2mb").open), [
    ["a", ""],
    ["b", "fg-green"],
  ]);
});

test("an open line looked at twice has its colors once", () => {
  const terminal = new Terminal();
  terminal.write("\u001b[1mbold");
  assert.deepEqual(shape(terminal.write("er").open), [["bolder", "ansi-bold"]]);
});

test("256 colors and true colors become colors, other sequences vanish", () => {
  const [blue, grey] = new Terminal().write("\u001b[38;5;21mblue\u001b[48;2;1;2;3mgrey").open;
  assert.deepEqual([blue?.color, grey?.background], ["rgb(0, 0, 255)", "rgb(1, 2, 3)"]);
  assert.equal(text(new Terminal().write("\u001b]0;title\u0007a\u001b[2Kb\u001b[1Ac").open), "abc");
});
