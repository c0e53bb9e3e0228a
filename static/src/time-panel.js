/** How long it took: each stage, and each statement. */

import { h } from "./dom.js";
import { duration, share } from "./format.js";
import { withoutPython } from "./loaded.js";
import { lineLink } from "./output.js";
import { total } from "./run-state.js";
import { named, t } from "./words.js";

/** @typedef {import("./types").RunState} RunState */
/** @typedef {import("./types").StageTime} StageTime */

/** Of graphs; the table has all. */
const MOST_BARS = 20;

/** @param {{name: string}[]} parts */
const namesOf = (parts) => [...new Set(parts.map(({ name }) => name))];

/**
 * A bar of parts of a whole; what it shows stands in the table under it.
 * @param {{name: string, wall_ns: number | null}[]} stages
 * @param {string[]} [names] the order of their colors, where several bars share it
 * @param {string} [words] where the words for the parts are
 */
export function bar(stages, names = namesOf(stages), words = "stage") {
  const parts = stages.map(({ name, wall_ns }) => {
    const part = h("span", { class: `part part-${names.indexOf(name) % 6}` }, h("span", {}, named(words, name)));
    part.style.flexGrow = String(Math.max(wall_ns ?? 0, 1));
    return part;
  });
  return h("div", { class: "stages", "aria-hidden": "true" }, ...parts);
}

/** @param {string[]} heads @param {(Node | string)[][]} rows @param {string} caption */
export function table(caption, heads, rows) {
  const head = h("tr", {}, ...heads.map((text) => h("th", { scope: "col" }, text)));
  const body = rows.map(([first, ...rest]) =>
    h("tr", {}, h("th", { scope: "row" }, first ?? ""), ...rest.map((cell) => h("td", {}, cell))),
  );
  const whole = h("table", {}, h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, ...body));
  return h("div", { class: "scroll-x", tabindex: 0, role: "group", "aria-label": caption }, whole);
}

/** What was begun several times is one row: how long all of it took. @param {StageTime[]} alike @param {number} whole */
function stageRow(alike, whole) {
  const known = alike.filter(({ wall_ns }) => wall_ns !== null);
  const open = alike.find(({ wall_ns }) => wall_ns === null);
  const unknown = open ? t(open.running ? "running" : "cutShort") : "";
  const wall = known.reduce((sum, { wall_ns }) => sum + (wall_ns ?? 0), 0);
  const cpu = known.reduce((sum, { cpu_ns }) => sum + (cpu_ns ?? 0), 0);
  return [
    named("stage", alike[0]?.name ?? ""),
    [known.length ? duration(wall) : "", unknown].filter(Boolean).join(" + "),
    known.some(({ cpu_ns }) => cpu_ns !== null) ? duration(cpu) : "–",
    known.length ? share(wall, whole) : "–",
    String(alike.length),
  ];
}

/** @param {RunState} state */
function stages(state) {
  const rows = namesOf(state.stages).map((name) =>
    stageRow(
      state.stages.filter((one) => one.name === name),
      total(state),
    ),
  );
  const heads = [t("stage"), t("wall"), t("cpu"), t("share"), t("times")];
  // How often is said only where something was begun more than once.
  const columns = rows.length < state.stages.length ? heads.length : heads.length - 1;
  return [
    bar(state.stages.filter((one) => one.wall_ns !== null)),
    table(
      t("stages"),
      heads.slice(0, columns),
      rows.map((row) => row.slice(0, columns)),
    ),
  ];
}

/** @param {number} part @param {number} whole */
function meter(part, whole) {
  const fill = h("span");
  fill.style.width = `${whole ? (100 * part) / whole : 0}%`;
  return h("span", { class: "meter", "aria-hidden": "true" }, fill);
}

/** @param {RunState} state */
function statements(state) {
  const lines = (state.program?.source ?? "").split("\n");
  const longest = Math.max(...state.statements.map((one) => one.wall_ns));
  const rows = state.statements.map(({ line, wall_ns, hits }) => [
    lineLink(line, String(line)),
    h("code", {}, (lines[line - 1] ?? "").trim()),
    duration(wall_ns),
    meter(wall_ns, longest),
    String(hits),
  ]);
  return table(t("statements"), [t("lineHead"), t("statement"), t("wall"), t("share"), t("hits")], rows);
}

/** @param {import("./types").CompileTime} one */
const whole = ({ phases }) => phases.reduce((sum, [, ns]) => sum + ns, 0);

/** Where the time of compiling each graph went: a bar for each on one scale, and all in a table. @param {RunState} state */
function compiling({ compile_times: graphs }) {
  const parts = (/** @type {import("./types").CompileTime} */ one) =>
    one.phases.map(([name, wall_ns]) => ({ name, wall_ns }));
  const names = namesOf(graphs.flatMap(parts));
  const longest = Math.max(...graphs.map(whole));
  const bars = graphs.slice(0, MOST_BARS).map((one) => {
    const drawn = bar(parts(one), names, "phase");
    drawn.style.width = `${longest ? (100 * whole(one)) / longest : 100}%`;
    return h("li", {}, h("span", {}, one.graph), drawn);
  });
  const rows = graphs.map((one) => {
    const times = new Map(one.phases);
    const cells = names.map((name) => (times.has(name) ? duration(times.get(name) ?? 0) : "–"));
    const cache = one.cache ? t(`cache.${one.cache}`) : "–";
    return [one.graph, one.line ? lineLink(one.line) : "–", ...cells, duration(whole(one)), cache];
  });
  const heads = [t("graph"), t("lineHead"), ...names.map((name) => named("phase", name)), t("total"), t("cache")];
  return [h("ol", { class: "compiling", "aria-hidden": "true" }, ...bars), table(t("compiling"), heads, rows)];
}

export class TimePanel extends HTMLElement {
  #pending = false;

  /** @param {import("./session.js").Session} session */
  connect(session) {
    for (const name of ["reset", "told", "phase"]) session.addEventListener(name, () => this.#later(session));
  }

  /** Many events come within one frame: draw them once. @param {import("./session.js").Session} session */
  #later(session) {
    if (this.#pending) return;
    this.#pending = true;
    requestAnimationFrame(() => {
      this.#pending = false;
      this.#draw(session.state);
    });
  }

  /** @param {RunState} state */
  #draw(state) {
    /** @type {HTMLElement[]} */
    const parts = state.stages.length ? stages(state) : [h("p", { class: "quiet" }, t("noTimes"))];
    if (state.compile_times.length) parts.push(...compiling(state));
    if (state.loaded.length) parts.push(withoutPython(state));
    if (state.statements.length) parts.push(statements(state));
    this.replaceChildren(...parts);
  }
}
