/** What a reader of a shared link should know: that nothing ran, with which versions it was recorded, what changed since. */

import { find, h } from "./dom.js";
import { t } from "./words.js";

/** @param {string} key @param {Record<string, string | number>} values @param {(Node | null)[]} actions */
function notice(key, values, ...actions) {
  return h("p", { class: "notice", "data-notice": key }, h("span", {}, t(key, values)), ...actions);
}

/** @param {string} key @param {() => void} onclick */
const action = (key, onclick) => h("button", { type: "button", class: "link", onclick }, t(key));

/** Versions that differ between the recorded environment and this server's. @param {import("./types").Boot} boot */
function differing({ recorded, environment }) {
  const then = recorded?.environment;
  if (!then || !environment) return null;
  const changed = /** @type {const} */ (["torch", "python"]).filter((name) => then[name] !== environment[name]);
  const list = (/** @type {import("./types").Environment} */ one) =>
    changed.map((name) => `${name} ${one[name]}`).join(", ");
  return changed.length ? { recorded: list(then), here: list(environment) } : null;
}

/**
 * @param {import("./types").Boot} boot
 * @param {{recordedShown: boolean, changed: boolean, run: () => void, restore: () => void}} now
 */
export function drawNotices(boot, { recordedShown, changed, run, restore }) {
  const parts = [];
  const versions = recordedShown ? differing(boot) : null;
  if (recordedShown) parts.push(notice("recordedNotice", {}, action("runNow", run)));
  if (versions) parts.push(notice("versionsNotice", versions));
  if (changed) parts.push(notice("changedNotice", {}, action("showShared", restore)));
  const place = find("#notices");
  const key = parts.map((part) => part.dataset.notice).join();
  if (place.dataset.shown === key) return;
  place.dataset.shown = key;
  place.replaceChildren(...parts);
}
