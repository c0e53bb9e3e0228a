/** A link to this program, with the run that was just seen. */

import { Refused, share } from "./api.js";
import { find, h } from "./dom.js";
import { problemText } from "./problem.js";
import { t } from "./words.js";

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not a secure page, or not allowed: the reader copies by hand.
    return false;
  }
}

/** @param {string} label @param {string} value */
function row(label, value) {
  const field = h("input", { type: "text", readonly: true, value, "aria-label": label, onfocus: () => field.select() });
  const button = h(
    "button",
    {
      type: "button",
      onclick: async () => {
        if (await copy(value)) button.textContent = t("copied");
        else field.select();
      },
    },
    t("copy"),
  );
  return h("div", { class: "share-row" }, h("span", {}, label), field, button);
}

/** @param {HTMLDialogElement} dialog @param {(Node | string)[]} content */
function show(dialog, content) {
  find(".content", dialog).replaceChildren(...content);
  dialog.showModal();
}

/**
 * @param {import("./types").Program} program
 * @param {{layout: import("./types").Layout, runId: string | null}} options
 * @returns {Promise<import("./types").Snippet | null>} what was shared
 */
export async function shareProgram(program, { layout, runId }) {
  const dialog = /** @type {HTMLDialogElement} */ (find("#share-dialog"));
  try {
    const { id, url } = await share({ ...program, layout, ...(runId ? { run_id: runId } : {}) });
    const link = new URL(url, location.href).href;
    const copied = await copy(link);
    const rows = [
      row(t("linkRow"), link),
      row(t("markdownRow"), `[Torch Playground](${link})`),
      row(t("sourceRow"), `${link}/raw`),
    ];
    const about = [copied ? t("linkCopied") : "", runId ? t("withRun") : t("withoutRun")].filter(Boolean).join(" ");
    show(dialog, [h("p", {}, about), ...rows]);
    return { ...program, id, url: link, layout };
  } catch (error) {
    if (!(error instanceof Refused || error instanceof TypeError)) throw error;
    const problem = error instanceof Refused ? error.problem : { title: "", detail: "", status: 0 };
    show(dialog, [h("p", { role: "alert" }, problemText(problem))]);
    return null;
  }
}
