/** The options form: what the mode uses is shown, how much is set is counted, what was refused is said at its field. */

import { find } from "./dom.js";

/** @typedef {import("./types").Problem} Problem */

/** What the whole form is about, and no option. */
const ELSEWHERE = new Set(["mode", "device", "source"]);

/** @param {HTMLFormElement} form @param {string} mode */
export function showFor(form, mode) {
  for (const group of form.querySelectorAll("[data-modes]")) {
    const used = group.getAttribute("data-modes")?.split(" ").includes(mode);
    /** @type {HTMLElement} */ (group).hidden = !used && !group.querySelector("[aria-invalid]");
  }
  find("#options-menu > summary .count").textContent = String(filled(form) || "");
}

/** How many options say something, of those that are shown. @param {HTMLFormElement} form */
function filled(form) {
  const menu = find("#options-menu", form);
  const shown = [...new FormData(form)].filter(([name, value]) => {
    const field = menu.querySelector(`[name="${name}"]`);
    return !ELSEWHERE.has(name) && value !== "" && field && !field.closest("[hidden]");
  });
  return new Set(shown.map(([name]) => name)).size;
}

/** The options that a refusal is about, each with the reason. @param {Problem | null} problem @returns {Map<string, string>} */
export function complaints(problem) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const { field, message = "" } of problem?.errors ?? []) {
    const name = /\boptions\.(\w+)/.exec(`${field} ${message}`)?.[1];
    if (name && !found.has(name)) found.set(name, message);
  }
  return found;
}

/** Say at each field what is wrong with it, and lead to the first. @param {HTMLFormElement} form @param {Problem | null} problem */
export function complain(form, problem) {
  const menu = /** @type {HTMLDetailsElement} */ (find("#options-menu", form));
  const wrong = complaints(problem);
  for (const place of menu.querySelectorAll(".wrong")) {
    const name = place.id.replace("wrong-", "");
    place.textContent = wrong.get(name) ?? "";
    for (const field of menu.querySelectorAll(`[name="${name}"]`)) mark(field, place.id, wrong.has(name));
  }
  const first = menu.querySelector("[aria-invalid]");
  if (!(first instanceof HTMLElement)) return;
  for (const field of menu.querySelectorAll("[aria-invalid]")) field.closest("[data-modes]")?.removeAttribute("hidden");
  menu.open = true;
  first.focus();
}

/** @param {Element} field @param {string} place @param {boolean} wrong */
function mark(field, place, wrong) {
  if (wrong) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", place);
  } else {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}
