/** The comparison drawn, section by section; a section is drawn anew only when something of it changed. */

import { copy } from "../clipboard.js";
import { h, save } from "../dom.js";
import { table } from "../time-panel.js";
import { named, t } from "../words.js";
import { calls } from "./calls.js";
import { Figure, tool } from "./figure.js";
import { differences, facts, momentary } from "./machine.js";
import { operators } from "./operators.js";
import { isReference, outcomeText, swept, unique } from "./paths.js";
import { parts } from "./profile.js";
import { sideBySide } from "./recorded.js";
import { report } from "./report.js";
import { styles } from "./series.js";
import { disturbances, speed } from "./speed.js";
import { headline, sentences } from "./summary.js";
import { facets, overtakings, overtakingText, sweeps } from "./sweep.js";
import { agreement } from "./verdicts.js";

/** @typedef {import("../types").RunState} RunState */
/** @typedef {{link: () => string | null, again: () => void}} Actions */

const SECTIONS = ["summary", "recorded", "speed", "agreement", "calls", "sweep", "profile", "machine"];

export class CompareView {
  /** @type {Map<string, {element: HTMLElement, key: string, figures: Figure[]}>} */
  #sections = new Map();

  /** @param {HTMLElement} root @param {Actions} actions */
  constructor(root, actions) {
    this.actions = actions;
    for (const name of SECTIONS) {
      const element = h("section", { class: `part-of-comparison ${name}`, hidden: true });
      this.#sections.set(name, { element, key: "", figures: [] });
    }
    root.replaceChildren(...[...this.#sections.values()].map(({ element }) => element));
  }

  /** @param {RunState} state @param {RunState | null} recorded what a link brought, once something else was measured */
  draw(state, recorded) {
    const { benchmarks, verdicts, profiles, artifacts, environment, runId, finished } = state;
    const plain = benchmarks.filter((one) => !swept(one));
    const names = unique([...benchmarks.map(({ path }) => path), ...verdicts.map(({ subject }) => subject)]);
    const [first, others] = [true, false].map((is) => names.filter((path) => isReference({ path }) === is));
    const styleOf = styles([...(first ?? []), ...(others ?? [])]);
    const over = finished !== null;
    this.#section("summary", [benchmarks, verdicts, over], () => this.#summary(state));
    this.#section("recorded", [recorded?.runId, recorded && benchmarks, verdicts, environment], () =>
      recorded ? besides(recorded, state) : this.#again(state),
    );
    this.#figures("speed", plain, plain.length ? [speed(plain, styleOf)] : [], notes(disturbances(plain)));
    this.#section("agreement", verdicts, () => agreement(verdicts));
    this.#figures("calls", plain, plain.length > 1 ? [calls(plain, styleOf)] : []);
    this.#figures(
      "sweep",
      [benchmarks.filter(swept), verdicts.filter(swept)],
      sweeps(benchmarks, verdicts, styleOf),
      notes([...overtaken(state), ...disturbances(benchmarks.filter(swept))]),
    );
    const files = operators(profiles, artifacts, state.recorded ? null : runId);
    this.#figures("profile", [profiles, artifacts], profiles.length ? [parts(profiles)] : [], files);
    this.#section("machine", environment, () => (environment && names.length ? machine(environment) : []));
  }

  /** @param {string} name @param {unknown} of what it shows @param {() => (Node | null)[]} content */
  #section(name, of, content) {
    const section = this.#sections.get(name);
    const key = JSON.stringify(of);
    if (!section || section.key === key) return;
    section.key = key;
    const nodes = content().filter((one) => one !== null);
    section.element.replaceChildren(...nodes);
    section.element.hidden = !nodes.length;
  }

  /** @param {string} name @param {unknown} of @param {import("./figure.js").Content[]} contents @param {Node[]} [after] */
  #figures(name, of, contents, after = []) {
    this.#section(name, of, () => {
      const figures = this.#sections.get(name)?.figures ?? [];
      while (figures.length < contents.length) figures.push(new Figure());
      for (const [index, content] of contents.entries()) figures[index]?.show(content);
      return [...figures.slice(0, contents.length).map(({ element }) => element), ...after];
    });
  }

  /** @param {RunState} state */
  #summary(state) {
    const { benchmarks, verdicts } = state;
    const said = sentences(benchmarks, verdicts);
    if (!said.length) return [];
    const rows = said.map(({ path, outcome, text }) =>
      h(
        "li",
        {},
        h("span", { class: `verdict ${outcome}` }, outcome ? outcomeText(outcome) : ""),
        " ",
        h("span", {}, h("strong", {}, named("path", path)), " ", text),
      ),
    );
    const found = headline(benchmarks, verdicts) || t("comparison");
    const head = state.finished ? found : t("head.soFar", { what: found });
    return [
      h("div", { class: "row" }, h("h2", {}, head), h("div", { class: "tools" }, this.#copy(state))),
      h("ul", { class: "paths" }, ...rows),
    ];
  }

  /** @param {RunState} state */
  #copy(state) {
    const button = tool(t("copyMarkdown"), async () => {
      const text = report(state, this.actions.link());
      if (!(await copy(text))) {
        save(text, "comparison.md", "text/markdown");
        return;
      }
      button.textContent = t("copied");
      setTimeout(() => {
        button.textContent = t("copyMarkdown");
      }, 1500);
    });
    return button;
  }

  /** @param {RunState} state */
  #again({ recorded, benchmarks }) {
    if (!recorded || !benchmarks.length) return [];
    return [h("p", { class: "again" }, `${t("recordedHere")} `, tool(t("runAgain"), this.actions.again))];
  }
}

/** @param {string[]} lines @returns {Node[]} */
const notes = (lines) => (lines.length ? [h("ul", { class: "notes" }, ...lines.map((line) => h("li", {}, line)))] : []);

/** @param {RunState} state */
const overtaken = ({ benchmarks, verdicts }) =>
  facets(benchmarks, verdicts).flatMap((facet) => overtakings(facet).map((one) => overtakingText(one, facet)));

/** @param {RunState} then @param {RunState} here */
function besides(then, here) {
  if (!here.benchmarks.length) return [];
  const { title, heads, rows } = sideBySide(then, here);
  const other = differences(then.environment, here.environment);
  const about = other.length ? t("machinesDiffer", { what: other.join("; ") }) : t("machinesSame");
  return [table(title, heads, rows), h("p", { class: "muted" }, about)];
}

/** @param {import("../types").Environment} environment */
function machine(environment) {
  const rows = [...facts(environment), ...momentary(environment)].map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value)),
  );
  return [h("h3", {}, t("machine")), h("dl", { class: "facts" }, ...rows)];
}
