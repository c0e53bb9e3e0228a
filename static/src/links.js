/** Joins the editor and the levels: pointing at a line on one side shows it on the other. */

import { find, h } from "./dom.js";
import { setColors, setLooked } from "./editor-links.js";
import { t } from "./words.js";

/** @typedef {import("./editor.js").Editor} Editor */
/** @typedef {import("./code-panel.js").CodePanel} CodePanel */
/** @typedef {import("./graph-panel.js").GraphPanel} GraphPanel */

/** The lines that each side shows, with their colors. @type {{code: Map<number, number>, graph: Map<number, number>}} */
const colors = { code: new Map(), graph: new Map() };

/** Color the lines of the program as the side does that is looked at. @param {Editor} editor */
export function paint(editor) {
  const side = document.body.dataset.tab === "graph" ? colors.graph : colors.code;
  editor.view.dispatch({ effects: setColors.of(side) });
}

/**
 * @param {Editor} editor
 * @param {CodePanel} panel
 */
export function join(editor, panel) {
  const announce = h("p", { class: "unseen", role: "status" });
  document.body.append(announce);
  panel.addEventListener("shown", (event) => {
    const detail = /** @type {CustomEvent<{colors: Map<number, number>} | null>} */ (event).detail;
    colors.code = detail?.colors ?? new Map();
    paint(editor);
  });
  panel.addEventListener("looked", (event) => {
    editor.view.dispatch({ effects: setLooked.of(/** @type {CustomEvent} */ (event).detail) });
  });
  panel.addEventListener("moved", (event) => {
    const { line, text, source } = /** @type {CustomEvent<{line: number, text: string, source: string}>} */ (event)
      .detail;
    announce.textContent = source ? t("linkedLine", { n: line, text, source }) : t("unlinkedLine", { n: line, text });
  });
  editor.addEventListener("place", (event) => {
    const { line, column, how } = /** @type {CustomEvent<{line: number | null, column: number, how: string}>} */ (event)
      .detail;
    for (const view of panel.views) {
      if (line === null) view.unmark();
      else view.mark(line, column);
      if (how === "caret" && panel.checkVisibility()) view.reveal("nearest");
    }
  });
}

/** The same for the pictures of the program. @param {Editor} editor @param {GraphPanel} panel */
export function joinPictures(editor, panel) {
  panel.addEventListener("shown", (event) => {
    colors.graph = /** @type {CustomEvent<Map<number, number>>} */ (event).detail;
    paint(editor);
  });
  panel.addEventListener("looked", (event) => {
    editor.view.dispatch({ effects: setLooked.of(/** @type {CustomEvent} */ (event).detail) });
  });
  editor.addEventListener("place", (event) => {
    panel.mark(/** @type {CustomEvent<{line: number | null}>} */ (event).detail.line);
  });
}

/** From the line the reader is at to its other side. @param {CodePanel} panel @param {() => void} open */
export function reveal(panel, open) {
  const view = panel.views.find((one) => one.contains(document.activeElement));
  if (view) {
    view.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    return;
  }
  open();
  const [first] = panel.views;
  first?.reveal();
  first?.focus({ preventScroll: true });
}

/** Pull the border between program and results, by pointer or arrows. */
export function splitter() {
  const handle = find("#splitter");
  const panes = find("#panes");
  const apply = (/** @type {number} */ share) => {
    const percent = Math.round(Math.max(20, Math.min(80, share)));
    panes.style.setProperty("--left", `${percent}%`);
    handle.ariaValueNow = String(percent);
  };
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => {
    if (handle.hasPointerCapture(event.pointerId)) apply((100 * event.clientX) / panes.clientWidth);
  });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -4, ArrowRight: 4 }[event.key];
    if (!step) return;
    event.preventDefault();
    apply(Number(handle.ariaValueNow) + step);
  });
}
