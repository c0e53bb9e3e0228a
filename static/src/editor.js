/** The Python editor: CodeMirror 6 with what a reader expects, and lines that can be linked. */

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { lineAt, links, placeOf, trackLines } from "./editor-links.js";
import { toCharacters } from "./lines.js";
import { has, t } from "./words.js";

const PHRASES = [
  "Find",
  "Replace",
  "next",
  "previous",
  "all",
  "match case",
  "regexp",
  "by word",
  "replace",
  "replace all",
  "close",
];

/** The words of CodeMirror's own panels. */
const phrases = () => Object.fromEntries(PHRASES.filter((one) => has(`cm.${one}`)).map((one) => [one, t(`cm.${one}`)]));

const basics = () => [
  lineNumbers(),
  lintGutter(),
  foldGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection({ cursorBlinkRate: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 1200 }),
  EditorState.allowMultipleSelections.of(true),
  indentOnInput(),
  indentUnit.of("    "),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  rectangularSelection(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  search({ top: true }),
  python(),
  syntaxHighlighting(classHighlighter),
];

const keys = keymap.of([
  ...closeBracketsKeymap,
  // Mod-Enter runs the program, here as everywhere.
  ...defaultKeymap.filter((binding) => binding.key !== "Mod-Enter"),
  ...searchKeymap,
  ...historyKeymap,
  ...foldKeymap,
  ...completionKeymap,
  ...lintKeymap,
  indentWithTab,
]);

/** A completion list that does not show yet has no claim to Escape, which stops the run; it will not show later either. */
const noPending = Prec.highest(
  keymap.of([
    {
      key: "Escape",
      run: (view) => {
        if (completionStatus(view.state) === "pending") closeCompletion(view);
        return false;
      },
    },
  ]),
);

/** Tells `edited`, and `place` when the reader points at or moves to a line. */
export class Editor extends EventTarget {
  /** @param {Element} parent @param {{source: string, nonce: string}} options */
  constructor(parent, { source, nonce }) {
    super();
    const changed = EditorView.updateListener.of((update) => {
      if (update.docChanged) this.#say("edited");
      if (update.selectionSet && !update.docChanged) this.#point(update.state.selection.main.head, "caret");
    });
    this.view = new EditorView({
      parent,
      doc: source,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorState.phrases.of(phrases()),
        EditorView.contentAttributes.of({ "aria-label": t("editor"), spellcheck: "false", autocapitalize: "off" }),
        noPending, // before the completion's own keys, which are of the highest precedence too
        basics(),
        links(),
        keys,
        changed,
        this.#overtype(),
        this.#pointer(),
      ],
    });
  }

  get source() {
    return this.view.state.doc.toString();
  }

  /** Replace the program; one step of undo brings the old one back. @param {string} source */
  set source(source) {
    if (source === this.source) return;
    this.#settled(() => {
      const changes = { from: 0, to: this.view.state.doc.length, insert: source };
      const annotations = isolateHistory.of("full");
      this.view.dispatch({ changes, annotations, selection: { anchor: 0 }, scrollIntoView: true });
    });
  }

  focus() {
    this.view.focus();
  }

  /** The program runs: from now on lines are known by the numbers they have in this moment, however they move. */
  track() {
    closeCompletion(this.view); // or the list would come over the results, and have Escape
    this.view.dispatch({ effects: trackLines.of(null) });
  }

  /** Go to a line of the program that was run. @param {number} line */
  goTo(line) {
    const at = placeOf(this.view.state, line);
    if (at === null) return;
    this.view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.focus();
  }

  /** Mark lines in the gutter. @param {{line: number, severity: "error" | "warning" | "info", message: string}[]} found */
  mark(found) {
    const { state } = this.view;
    const marks = found.flatMap(({ line, ...rest }) => {
      const from = placeOf(state, line);
      return from === null ? [] : [{ from, to: state.doc.lineAt(from).to, ...rest }];
    });
    this.view.dispatch(setDiagnostics(state, marks));
  }

  /** @param {() => void} action */
  #settled(action) {
    // An input method that is composing must not lose the document under it.
    if (!this.view.composing) action();
    else this.view.contentDOM.addEventListener("compositionend", () => setTimeout(action), { once: true });
  }

  /**
   * Typing over a selection is done here and not by the browser, which would keep its look in a style attribute:
   * the page's policy forbids those.
   */
  #overtype() {
    return EditorView.domEventHandlers({
      beforeinput: (event, view) => {
        const { main, ranges } = view.state.selection;
        const plain = event.inputType === "insertText" && event.data && !view.composing;
        if (!plain || main.empty || ranges.length > 1) return false;
        const text = event.data ?? "";
        const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type" });
        const handlers = view.state.facet(EditorView.inputHandler);
        if (!handlers.some((handle) => handle(view, main.from, main.to, text, insert))) view.dispatch(insert());
        event.preventDefault();
        return true;
      },
    });
  }

  #pointer() {
    return EditorView.domEventHandlers({
      mousemove: (event, view) => {
        const at = view.posAtCoords(event);
        if (at !== null) this.#point(at, "hover");
      },
      mouseleave: () => this.#point(this.view.state.selection.main.head, "caret"),
    });
  }

  /** @param {number} at @param {"hover" | "caret"} how */
  #point(at, how) {
    const { state } = this.view;
    const { from, text } = state.doc.lineAt(at);
    const detail = { line: lineAt(state, at), column: toCharacters(text, at - from), how };
    this.dispatchEvent(new CustomEvent("place", { detail }));
  }

  /** @param {string} name */
  #say(name) {
    this.dispatchEvent(new Event(name));
  }
}
