/** A link to this program, with the run that was just seen. */

import { Refused, share } from "./api.js";
import { copy } from "./clipboard.js";
import { find, h } from "./dom.js";
import { problemText } from "./problem.js";
import { t } from "./words.js";

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

/** The server keeps a run for a while only: a link to the program alone is better than none. @param {unknown} error */
const runIsGone = (error) =>
  error instanceof Refused && (error.problem.errors ?? []).some(({ field }) => field === "run_id");

/** @typedef {import("./types").Program & {layout: import("./types").Layout}} Shareable */

/** @param {Shareable} program @param {string | null} runId */
async function link(program, runId) {
  if (!runId) return { ...(await share(program)), about: t("withoutRun") };
  try {
    return { ...(await share({ ...program, run_id: runId })), about: t("withRun") };
  } catch (error) {
    if (!runIsGone(error)) throw error;
    return { ...(await share(program)), about: t("runGone") };
  }
}

/**
 * @param {import("./types").Program} program
 * @param {{layout: import("./types").Layout, runId: string | null}} options
 * @returns {Promise<import("./types").Snippet | null>} what was shared
 */
export async function shareProgram(program, { layout, runId }) {
  const dialog = /** @type {HTMLDialogElement} */ (find("#share-dialog"));
  try {
    const { id, url, about } = await link({ ...program, layout }, runId);
    const address = new URL(url, location.href).href;
    const copied = await copy(address);
    const rows = [
      row(t("linkRow"), address),
      row(t("markdownRow"), `[Torch Playground](${address})`),
      row(t("sourceRow"), `${address}/raw`),
    ];
    show(dialog, [h("p", {}, [copied ? t("linkCopied") : "", about].filter(Boolean).join(" ")), ...rows]);
    return { ...program, id, url: address, layout };
  } catch (error) {
    if (!(error instanceof Refused || error instanceof TypeError)) throw error;
    const problem = error instanceof Refused ? error.problem : { title: "", detail: "", status: 0 };
    show(dialog, [h("p", { role: "alert" }, problemText(problem))]);
    return null;
  }
}
