/** The page as a whole: one program, one session, the panels that show it. */

import { find } from "./dom.js";
import { Drafts, tabName } from "./drafts.js";
import { Editor } from "./editor.js";
import { listen } from "./keys.js";
import { join, joinPictures, paint, reveal, splitter } from "./links.js";
import { closable, examplesMenu } from "./menus.js";
import { drawNotices } from "./notices.js";
import { complain, showFor } from "./options.js";
import { connect, togglePresentation } from "./prefs.js";
import { readProgram, same, setRadio, writeProgram } from "./program.js";
import { Session } from "./session.js";
import { shareProgram } from "./share.js";
import { named, t } from "./words.js";

/** @typedef {import("./types").Program} Program */
/** @typedef {import("./code-panel.js").CodePanel} CodePanel */
/** @typedef {import("./compare-panel.js").ComparePanel} ComparePanel */
/** @typedef {import("./graph-panel.js").GraphPanel} GraphPanel */
/** @typedef {import("./tabs.js").Tabs} Tabs */

export class Page {
  session = new Session();
  form = /** @type {HTMLFormElement} */ (find("#program-form"));
  tabs = /** @type {Tabs} */ (find("pg-tabs"));
  code = /** @type {CodePanel} */ (find("pg-code"));
  compare = /** @type {ComparePanel} */ (find("pg-compare"));
  drafts = new Drafts(localStorage, tabName());
  #button = /** @type {HTMLButtonElement} */ (find("#run"));
  #saving = 0;
  /** Whether the page will go to the comparison once there is one, and whether it did. */
  #leads = false;
  #led = false;

  /** @param {import("./types").Boot} boot @param {string} nonce */
  constructor(boot, nonce) {
    this.boot = boot;
    this.snippet = boot.snippet;
    const textarea = /** @type {HTMLTextAreaElement} */ (find("#source"));
    this.editor = new Editor(find("#editor"), { source: textarea.value, nonce });
    textarea.disabled = true;
    this.#connect();
    this.#restore();
    this.#listen();
    this.#chosen();
    if (boot.recorded && boot.snippet) this.session.replay(boot.recorded, boot.snippet);
    this.#changed();
  }

  get program() {
    return readProgram(this.form, this.editor.source);
  }

  #connect() {
    const { session } = this;
    this.compare.actions = { link: () => this.#link(), again: () => this.run() };
    for (const name of ["pg-output", "pg-code", "pg-time", "pg-graph", "pg-compare"]) {
      /** @type {any} */ (find(name)).connect(session);
    }
    /** @type {import("./status.js").StatusBar} */ (find("pg-status")).connect(session, this.boot.environment);
    session.addEventListener("reset", () => this.#reset());
    session.addEventListener("phase", () => this.#phase());
    session.addEventListener("told", () => {
      this.#counts();
      this.#follow();
    });
    join(this.editor, this.code);
    joinPictures(this.editor, /** @type {GraphPanel} */ (find("pg-graph")));
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.session.running) this.session.stop();
      else this.run();
    });
    this.form.addEventListener("change", () => this.#changed());
    this.editor.addEventListener("edited", () => this.#changed());
    addEventListener("pagehide", () => this.#save());
    document.addEventListener("goto", (event) => this.goTo(/** @type {CustomEvent<number>} */ (event).detail));
    this.tabs.addEventListener("chosen", () => this.#chosen());
    find("#share").addEventListener("click", () => this.share());
    for (const button of document.querySelectorAll("[data-pane-button]")) {
      button.addEventListener("click", () => this.#pane(button.getAttribute("data-pane-button") ?? ""));
    }
    find("#intro").addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("[data-try]")) this.example();
    });
    this.#menus();
    listen({
      run: () => this.run(),
      stop: () => this.session.stop(),
      share: () => this.share(),
      mode: (index) => this.#mode(index),
      nextPane: (step) => this.#next(step),
      reveal: () => reveal(this.code, () => this.tabs.choose("code")),
      help: () => this.help(),
      example: () => this.example(),
      presentation: () => togglePresentation(find("#view-menu")),
      running: () => this.session.running,
    });
  }

  #menus() {
    closable();
    splitter();
    connect(find("#view-menu"));
    find("#help").addEventListener("click", () => this.help());
    examplesMenu(find("#examples-menu"), {
      examples: this.boot.examples,
      drafts: () => this.drafts.all(),
      lang: this.boot.lang,
      open: ({ source, mode }) => this.open(source, mode),
      restore: (draft) => this.#load(draft),
    });
  }

  async run() {
    this.editor.track();
    this.#pane("results");
    this.#lead();
    await this.session.start(this.program);
  }

  /** Who runs a comparison wants to see it: from the output the page goes there, unless a tab is chosen meanwhile. */
  #lead() {
    const compares = this.program.mode === "compare";
    if (this.#led && !compares && this.tabs.chosen === "compare") this.tabs.choose("output");
    this.#led = false;
    this.#leads = compares && this.tabs.chosen === "output";
  }

  #follow() {
    if (!this.#leads || !this.session.state.verdicts.length) return;
    this.tabs.choose("compare");
    this.#led = true;
  }

  /** Put another program in; undo brings the old one back. @param {string} source @param {import("./types").Mode} mode */
  open(source, mode) {
    setRadio(this.form, mode);
    this.editor.source = source;
    this.#pane("program");
    this.editor.focus();
    this.#changed();
  }

  /** The example that shows what the chosen mode is for. */
  example() {
    const { mode } = this.program;
    const example = this.boot.examples.find((one) => one.mode === mode);
    if (example) this.open(example.source, mode);
  }

  async share() {
    const { program, session } = this;
    const { finished, runId, program: ran, recorded } = session.state;
    const seen = finished && !recorded && ran && same(ran, program);
    const layout = { tab: this.tabs.chosen, level: this.code.level };
    const shared = await shareProgram(program, { layout, runId: seen ? runId : null });
    if (!shared) return;
    this.snippet = shared;
    history.replaceState(null, "", shared.url);
    this.#changed();
  }

  /** Where what was last run can be seen again, if it was shared. */
  #link() {
    const { program } = this.session.state;
    return this.snippet && program && same(this.snippet, program) ? this.snippet.url : null;
  }

  help() {
    /** @type {HTMLDialogElement} */ (find("#help-dialog")).showModal();
  }

  /** @param {number} line */
  goTo(line) {
    this.#pane("program");
    this.editor.goTo(line);
  }

  /** @param {number} index */
  #mode(index) {
    const mode = this.boot.modes[index];
    if (mode) setRadio(this.form, mode);
    this.#changed();
  }

  /** @param {number} step */
  #next(step) {
    const stops = [() => this.editor.focus(), () => this.tabs.panel.focus(), () => find("[name=mode]:checked").focus()];
    const places = [find("#editor"), find("#results"), find("#header")];
    const at = places.findIndex((place) => place.contains(document.activeElement));
    stops[(at + step + stops.length) % stops.length]?.();
  }

  #chosen() {
    this.#leads = this.#led = false;
    document.body.dataset.tab = this.tabs.chosen;
    paint(this.editor);
    /** @type {GraphPanel} */ (find("pg-graph")).show();
    this.compare.show();
  }

  /** On a narrow page one pane is shown at a time. @param {string} name */
  #pane(name) {
    document.body.dataset.pane = name;
    for (const button of document.querySelectorAll("[data-pane-button]")) {
      button.ariaPressed = String(button.getAttribute("data-pane-button") === name);
    }
  }

  #reset() {
    find("#intro").hidden = true;
    this.editor.mark([]);
    this.#counts();
  }

  #phase() {
    const { running, stopping, state } = this.session;
    const label = running ? t(stopping ? "stopping" : "stop") : t("run");
    find(".label", this.#button).textContent = label;
    this.#button.classList.toggle("stop", running);
    this.form.ariaBusy = String(running);
    if (state.recorded) this.#layout();
    complain(this.form, state.problem);
    this.#changed();
  }

  #layout() {
    const { tab, level } = this.snippet?.layout ?? {};
    if (level) this.code.wanted = level;
    if (tab) this.tabs.choose(tab);
  }

  #counts() {
    const { state } = this.session;
    this.tabs.count("output", state.findings.length + (state.error ? 1 : 0));
    this.tabs.count("code", state.code.length);
    this.tabs.count("time", new Set(state.stages.map(({ name }) => name)).size);
    this.tabs.count("graph", state.graphs.length);
    this.tabs.count("compare", state.verdicts.length + state.benchmarks.length);
    const found = state.findings.flatMap(({ kind, line, message }) =>
      line
        ? [{ line, severity: /** @type {const} */ ("warning"), message: `${named("finding", kind)}: ${message}` }]
        : [],
    );
    const { error } = state;
    const failed = error?.line
      ? [
          {
            line: error.line,
            severity: /** @type {const} */ ("error"),
            message: `${error.error_type}: ${error.message}`,
          },
        ]
      : [];
    if (found.length || failed.length) this.editor.mark([...found, ...failed]);
  }

  /** Something about the program changed: say what follows from it, and keep it. */
  #changed() {
    const { program, snippet, session } = this;
    for (const one of document.querySelectorAll("[data-intro]")) {
      /** @type {HTMLElement} */ (one).hidden = one.getAttribute("data-intro") !== program.mode;
    }
    showFor(this.form, program.mode);
    const { state } = session;
    document.body.classList.toggle("stale", Boolean(state.program && !same(state.program, program)));
    drawNotices(this.boot, {
      recordedShown: state.recorded,
      changed: snippet !== null && !same(snippet, program),
      run: () => this.run(),
      restore: () => snippet && this.#load(snippet),
    });
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#save(), 400);
  }

  #save() {
    clearTimeout(this.#saving);
    this.drafts.save({ ...this.program, at: Date.now(), snippet: this.snippet?.id ?? null });
  }

  /** @param {Program} program */
  #load(program) {
    writeProgram(this.form, program);
    this.editor.source = program.source;
    this.#changed();
  }

  /** A reload shows what was there; a new tab shows what was typed last; a shared link shows what was shared. */
  #restore() {
    const mine = this.drafts.mine();
    if (new URLSearchParams(location.search).has("example")) return;
    if (this.snippet) this.#load(mine?.snippet === this.snippet.id ? mine : this.snippet);
    else if (mine ?? this.drafts.all()[0]) this.#load(/** @type {Program} */ (mine ?? this.drafts.all()[0]));
  }
}
