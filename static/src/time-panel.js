/** How long it took: each stage, and each statement. */

import { h } from "./dom.js";
import { duration, share } from "./format.js";
import { lineLink } from "./output.js";
import { total } from "./run-state.js";
import { named, t } from "./words.js";

/** @typedef {import("./types").RunState} RunState */
/** @typedef {import("./types").StageTime} StageTime */

/** A bar of parts of a whole; what it shows stands in the table under it. @param {{name: string, wall_ns: number | null}[]} stages */
export function bar(stages) {
  const names = [...new Set(stages.map(({ name }) => name))];
  const parts = stages.map(({ name, wall_ns }) => {
    const part = h("span", { class: `part part-${names.indexOf(name) % 6}` }, h("span", {}, named("stage", name)));
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

/** @param {StageTime} stage @param {number} whole */
function stageRow({ name, running, wall_ns, cpu_ns }, whole) {
  const unknown = running ? t("running") : t("cutShort");
  const time = wall_ns === null ? unknown : duration(wall_ns);
  return [
    named("stage", name),
    time,
    cpu_ns === null ? "–" : duration(cpu_ns),
    wall_ns === null ? "–" : share(wall_ns, whole),
  ];
}

/** @param {RunState} state */
function stages(state) {
  const whole = total(state);
  const heads = [t("stage"), t("wall"), t("cpu"), t("share")];
  return [
    bar(state.stages.filter((one) => one.wall_ns !== null)),
    table(
      t("stages"),
      heads,
      state.stages.map((one) => stageRow(one, whole)),
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
    const parts = state.stages.length ? stages(state) : [h("p", { class: "quiet" }, t("noTimes"))];
    if (state.statements.length) parts.push(statements(state));
    this.replaceChildren(...parts);
  }
}
