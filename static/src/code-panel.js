/** What the program became: a rail of levels from source to machine, the chosen one, and a second at its side. */

import { difference } from "./diff.js";
import { h, say } from "./dom.js";
import { count, size } from "./format.js";
import { colorsBySource } from "./lines.js";
import { has, named, t } from "./words.js";

/** @typedef {import("./types").Code} Code */
/** @typedef {import("./level-view.js").LevelView} LevelView */

/** @param {string} text */
const linesOf = (text) => text.replace(/\n$/, "").split("\n");

/** @type {Record<string, string>} */
const SUFFIX = { python: "py", "c++": "cpp", cpp: "cpp", triton: "py", assembly: "s", asm: "s" };

/** What a title adds to the name of its level: "Graph: Net" adds "Net", and "Bytecode" nothing. @param {Code} code */
function subtitle({ title, level }) {
  const known = [level, named("level", level), ...t("levelTitles").split("|")];
  return known.includes(title) ? "" : title.slice(title.indexOf(": ") < 0 ? 0 : title.indexOf(": ") + 2);
}

/** One level with its head: what it is, and what can be done with it. */
class Pane {
  view = /** @type {LevelView} */ (document.createElement("pg-level"));
  #head = h("header", { class: "level-head" });
  element = h("section", { class: "level" }, this.#head, this.view);

  /** @param {Code} code @param {(Node | null)[]} extras */
  show(code, extras) {
    const name = named("level", code.level);
    const about = has(`about.${code.level}`) ? t(`about.${code.level}`) : "";
    const cut = code.truncated_bytes
      ? h("p", { class: "notice" }, t("truncated", { size: size(code.truncated_bytes) }))
      : null;
    const tools = h("div", { class: "tools" }, ...extras, this.#copy(code), this.#download(code));
    this.#head.replaceChildren(
      h("div", { class: "row" }, h("h2", {}, name), h("span", { class: "muted sub" }, subtitle(code)), tools),
    );
    if (about) this.#head.append(h("p", { class: "about" }, about));
    if (cut) this.#head.append(cut);
    this.view.setAttribute("aria-label", `${name}. ${t("levelKeys")}`);
    this.view.show(code);
  }

  /** @param {Code} code */
  #copy({ text }) {
    const button = h(
      "button",
      {
        type: "button",
        onclick: async () => {
          await navigator.clipboard.writeText(text);
          button.textContent = t("copied");
          setTimeout(() => {
            button.textContent = t("copy");
          }, 1500);
        },
      },
      t("copy"),
    );
    return button;
  }

  /** @param {Code} code */
  #download({ text, level, language }) {
    return h(
      "button",
      {
        type: "button",
        onclick: () => {
          const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
          h("a", { href: url, download: `${level}.${SUFFIX[language.toLowerCase()] ?? "txt"}` }).click();
          URL.revokeObjectURL(url);
        },
      },
      t("download"),
    );
  }
}

/** Tells `shown` (the Code in the first pane, or null). */
/** From what a reader knows to what they came for. */
const TELLING = ["ast", "bytecode", "program", "exported_program", "dynamo_graph", "torchscript"];

/** @param {string} level */
const telling = (level) => TELLING.indexOf(level);

export class CodePanel extends HTMLElement {
  #rail = h("nav", { class: "rail", "aria-label": t("levels") });
  #first = new Pane();
  #second = new Pane();
  #panes = h("div", { class: "levels" }, this.#first.element);
  /** @type {Code[]} */
  #codes = [];
  #chosen = 0;
  /** @type {number | null} */
  #beside = null;
  wanted = "";

  /** @param {import("./session.js").Session} session */
  connect(session) {
    session.addEventListener("reset", () => this.#reset());
    session.addEventListener("told", (event) => {
      const told = /** @type {CustomEvent<import("./types").RunEvent>} */ (event).detail;
      if (told.type === "code") this.#add(told);
    });
    session.addEventListener("phase", () => {
      if (!session.running && !this.#codes.length) this.#empty();
    });
    this.addEventListener("keydown", (event) => this.#key(event));
  }

  get level() {
    return this.#codes[this.#chosen]?.level ?? "";
  }

  get views() {
    return this.#beside === null ? [this.#first.view] : [this.#first.view, this.#second.view];
  }

  #reset() {
    this.#codes = [];
    this.#chosen = 0;
    this.#beside = null;
    this.#empty();
    this.dispatchEvent(say("shown", null));
  }

  #empty() {
    this.replaceChildren(h("p", { class: "quiet" }, t("noCode")));
  }

  /** @param {Code} code */
  #add(code) {
    const isFirst = this.#codes.push(code) === 1;
    this.#rail.append(this.#entry(code, this.#codes.length - 1));
    if (isFirst) {
      this.#rail.replaceChildren(this.#entry(code, 0));
      this.#panes.replaceChildren(this.#first.element);
      this.replaceChildren(this.#rail, this.#panes);
    }
    // The level that the reader chose is looked at after every run; without a choice, the one that tells most.
    const better = this.wanted
      ? code.level === this.wanted && this.level !== this.wanted
      : telling(code.level) > telling(this.level);
    if (isFirst || better) this.#choose(this.#codes.length - 1);
    else if (this.#codes.length === 2) this.#draw();
  }

  /** @param {Code} code @param {number} index */
  #entry(code, index) {
    const lines = t("linesCount", { n: count(linesOf(code.text).length) });
    return h(
      "button",
      { type: "button", class: "entry", onclick: () => this.#choose(index, true) },
      h("span", { class: "name" }, named("level", code.level)),
      h("span", { class: "detail" }, [subtitle(code), code.language, lines].filter(Boolean).join(" · ")),
    );
  }

  /** @param {number} index @param {boolean} [byHand] */
  #choose(index, byHand = false) {
    this.#chosen = index;
    if (byHand) this.wanted = this.level;
    this.#draw();
  }

  #draw() {
    const code = this.#codes[this.#chosen];
    if (!code) return;
    [...this.#rail.children].forEach((entry, index) => {
      entry.setAttribute("aria-current", String(index === this.#chosen));
    });
    const more = this.#codes.length > 1 && this.#beside === null;
    this.#first.show(code, [more ? h("button", { type: "button", onclick: () => this.#open() }, t("beside")) : null]);
    this.dispatchEvent(say("shown", { code, colors: colorsBySource(code) }));
    this.#compare();
  }

  #open() {
    this.#beside = this.#chosen + 1 < this.#codes.length ? this.#chosen + 1 : 0;
    this.#panes.append(this.#second.element);
    this.#draw();
    this.#drawBeside();
  }

  #close() {
    this.#beside = null;
    this.#second.element.remove();
    this.#draw();
  }

  #drawBeside() {
    const code = this.#codes[this.#beside ?? -1];
    if (!code) return;
    const options = this.#codes.map((one, index) =>
      h(
        "option",
        { value: index, selected: index === this.#beside },
        [named("level", one.level), subtitle(one)].filter(Boolean).join(" · "),
      ),
    );
    const choice = h(
      "select",
      {
        "aria-label": t("besideLevel"),
        onchange: () => {
          this.#beside = Number(choice.value);
          this.#drawBeside();
        },
      },
      ...options,
    );
    this.#second.show(code, [choice, h("button", { type: "button", onclick: () => this.#close() }, t("close"))]);
    this.#compare();
  }

  /** Side by side, two texts of one language say what differs. */
  #compare() {
    const [left, right] = [this.#codes[this.#chosen], this.#codes[this.#beside ?? -1]];
    if (!left || !right) return;
    const comparable = left !== right && left.language === right.language;
    const found = comparable ? difference(linesOf(left.text), linesOf(right.text)) : null;
    this.#first.view.differ(found?.left ?? new Set(), "−");
    this.#second.view.differ(found?.right ?? new Set(), "+");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const entries = /** @type {HTMLElement[]} */ ([...this.#rail.children]);
    const at = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (!step || at < 0) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(at + step, entries.length - 1));
    entries[next]?.focus();
    this.#choose(next, true);
  }
}
