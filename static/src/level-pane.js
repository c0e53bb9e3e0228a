/** One level with its head: what it is, search in it, and what can be done with it. */

import { h } from "./dom.js";
import { count, size } from "./format.js";
import { matches, useful, wanted } from "./level-filter.js";
import { sourcesByLine } from "./lines.js";
import { has, named, t } from "./words.js";

/** @typedef {import("./types").Code} Code */
/** @typedef {import("./level-view.js").LevelView} LevelView */
/** @typedef {import("./level-filter.js").Filter} Filter */

/** @type {Record<string, string>} */
const SUFFIX = { python: "py", "c++": "cpp", cpp: "cpp", triton: "py", assembly: "s", asm: "s" };

/** What a title adds to the name of its level: "Graph: Net" adds "Net", and "Bytecode" nothing. @param {Code} code */
export function subtitle({ title, level }) {
  const known = [level, named("level", level), ...t("levelTitles").split("|")];
  if (known.includes(title)) return "";
  const whose = title.slice(title.indexOf(": ") < 0 ? 0 : title.indexOf(": ") + 2);
  return has(`path.${whose}`) ? named("path", whose) : whose;
}

export class Pane {
  view = /** @type {LevelView} */ (document.createElement("pg-level"));
  #head = h("header", { class: "level-head" });
  element = h("section", { class: "level" }, this.#head, this.view);
  /** @type {number[]} */
  #found = [];
  #at = -1;
  #search = h("input", {
    type: "search",
    class: "level-search",
    "aria-label": t("searchLevel"),
    placeholder: t("searchLevel"),
    spellcheck: "false",
    oninput: () => this.#seek(),
    onkeydown: (/** @type {KeyboardEvent} */ event) => this.#searchKey(event),
  });
  #hits = h("span", { class: "hits muted", role: "status" });

  /**
   * @param {Filter} filter what both panes leave out
   * @param {() => void} refilter
   * @param {(name: string) => string | null} fileOf the address of a file that the run left
   */
  constructor(filter, refilter, fileOf) {
    this.filter = filter;
    this.refilter = refilter;
    this.fileOf = fileOf;
    this.view.addEventListener("keydown", (event) => {
      const find = event.key === "/" || (event.key === "f" && (event.ctrlKey || event.metaKey));
      if (!find || event.altKey) return;
      event.preventDefault();
      this.#search.focus();
      this.#search.select();
    });
  }

  /** @param {Code} code @param {(Node | null)[]} extras */
  show(code, extras) {
    const name = named("level", code.level);
    const about = has(`about.${code.level}`) ? t(`about.${code.level}`) : "";
    const tools = h("div", { class: "tools" }, ...extras, this.#copy(code), this.#download(code));
    this.#head.replaceChildren(
      h("div", { class: "row" }, h("h2", {}, name), h("span", { class: "muted sub" }, subtitle(code)), tools),
    );
    if (about) this.#head.append(h("p", { class: "about" }, about));
    if (code.truncated_bytes) {
      const words = t(code.full ? "truncatedFull" : "truncated", { size: size(code.truncated_bytes) });
      this.#head.append(h("p", { class: "notice" }, words));
    }
    this.view.setAttribute("aria-label", `${name}. ${t("levelKeys")}`);
    this.view.show(code, wanted(this.filter, code.language));
    this.#head.append(h("div", { class: "row narrow" }, this.#search, this.#hits, ...this.#filters(code)));
    this.#seek();
  }

  /** @param {Code} code */
  #filters(code) {
    const offered = useful(code.language, this.view.texts, new Set(sourcesByLine(code).keys()));
    return /** @type {const} */ (["linked", "comments"])
      .filter((name) => offered[name])
      .map((name) =>
        h(
          "button",
          {
            type: "button",
            class: "toggle",
            "aria-pressed": String(this.filter[name]),
            onclick: () => {
              this.filter[name] = !this.filter[name];
              this.refilter();
            },
          },
          t(`filter.${name}`),
        ),
      );
  }

  #seek() {
    this.#found = matches(this.view.texts, this.#search.value, this.view.shown);
    this.#at = -1;
    this.view.find(new Set(this.#found));
    this.#say();
  }

  #say() {
    const { length } = this.#found;
    const place = this.#at < 0 ? count(length) : t("hitsAt", { at: count(this.#at + 1), n: count(length) });
    this.#hits.textContent = this.#search.value ? place : "";
  }

  /** @param {KeyboardEvent} event */
  #searchKey(event) {
    if (event.key === "Escape" && (this.#search.value || this.#found.length)) {
      this.#search.value = "";
      this.#seek();
      this.view.focus();
    } else if (event.key === "Enter") {
      this.#next(event.shiftKey ? -1 : 1);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} step */
  #next(step) {
    const { length } = this.#found;
    if (!length) return;
    this.#at = this.#at < 0 && step < 0 ? length - 1 : (this.#at + step + length) % length;
    this.view.select(this.#found[this.#at] ?? 1, "center");
    this.#say();
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

  /** All of the text: the file that the run left of one that was cut, if there is one. @param {Code} code */
  #download({ text, level, language, full }) {
    return h(
      "button",
      {
        type: "button",
        onclick: () => {
          const download = `${level}.${SUFFIX[language.toLowerCase()] ?? "txt"}`;
          const file = full ? this.fileOf(full) : null;
          const url = file ?? URL.createObjectURL(new Blob([text], { type: "text/plain" }));
          h("a", { href: url, download }).click();
          if (!file) URL.revokeObjectURL(url);
        },
      },
      t("download"),
    );
  }
}
