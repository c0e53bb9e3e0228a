/** Menus are <details>: they open without a script. With one, a click elsewhere or Escape closes them. */

import { h } from "./dom.js";
import { t } from "./words.js";

export function closable() {
  const open = () =>
    [...document.querySelectorAll("details.menu[open]")].map((one) => /** @type {HTMLDetailsElement} */ (one));
  document.addEventListener("pointerdown", (event) => {
    for (const menu of open()) if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  document.addEventListener(
    "keydown",
    (event) => {
      const [menu] = event.key === "Escape" ? open() : [];
      if (!menu) return;
      menu.open = false;
      menu.querySelector("summary")?.focus();
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
  document.addEventListener("focusin", (event) => {
    for (const menu of open()) if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
}

/** @param {import("./types").Draft} draft @param {string} lang */
function describe(draft, lang) {
  const first = draft.source.split("\n").find((line) => line.trim()) ?? "";
  const when = new Date(draft.at).toLocaleString(lang, { dateStyle: "short", timeStyle: "short" });
  return h("span", {}, h("code", {}, first.slice(0, 40)), h("span", { class: "muted" }, ` ${when}`));
}

/**
 * Examples open in place, and the drafts of other tabs are listed under them.
 * @param {HTMLDetailsElement} menu
 * @param {{examples: import("./types").Example[], drafts: () => import("./types").Draft[], lang: string,
 *   open: (program: {source: string, mode: import("./types").Mode}) => void,
 *   restore: (draft: import("./types").Draft) => void}} options
 */
export function examplesMenu(menu, { examples, drafts, lang, open, restore }) {
  menu.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-example]") : null;
    const example = examples.find(({ slug }) => slug === link?.getAttribute("data-example"));
    if (!example) return;
    event.preventDefault();
    menu.open = false;
    open(example);
  });
  const list = h("ul", { class: "drafts" });
  const part = h("div", {}, h("h2", {}, t("drafts")), list);
  menu.querySelector(".popover")?.append(part);
  menu.addEventListener("toggle", () => {
    const kept = drafts();
    part.hidden = !kept.length;
    list.replaceChildren(
      ...kept.map((draft) =>
        h(
          "li",
          {},
          h(
            "button",
            {
              type: "button",
              onclick: () => {
                menu.open = false;
                restore(draft);
              },
            },
            describe(draft, lang),
          ),
        ),
      ),
    );
  });
}
