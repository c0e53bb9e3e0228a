/** The keyboard, page-wide. The list that `?` shows is in the template, so that it is there without JavaScript too. */

/** @typedef {{
 *   run: () => void, stop: () => void, share: () => void, mode: (index: number) => void, nextPane: (step: number) => void,
 *   reveal: () => void, help: () => void, example: () => void, presentation: () => void, running: () => boolean,
 * }} Actions */

/** @param {EventTarget | null} target */
const typing = (target) =>
  target instanceof Element &&
  target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, .cm-content") !== null;

/** @param {KeyboardEvent} event @param {Actions} actions @returns {(() => void) | null} */
function actionOf(event, actions) {
  const mod = (event.ctrlKey || event.metaKey) && !event.altKey;
  const alt = event.altKey && !event.ctrlKey && !event.metaKey;
  const digit = /^Digit([1-4])$/.exec(event.code)?.[1];
  if (mod && event.key === "Enter") return actions.run;
  if (mod && !event.shiftKey && event.key.toLowerCase() === "s") return actions.share;
  if (mod && event.key === ".") return actions.reveal;
  if (alt && digit) return () => actions.mode(Number(digit) - 1);
  if (alt && event.code === "KeyE") return actions.example;
  if (alt && event.code === "KeyP") return actions.presentation;
  if (event.key === "F6") return () => actions.nextPane(event.shiftKey ? -1 : 1);
  if (event.key === "?" && !mod && !alt && !typing(event.target)) return actions.help;
  if (event.key === "Escape" && actions.running()) return actions.stop;
  return null;
}

/** @param {Actions} actions */
export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    // Whoever is nearer (a completion list, the search panel, a menu) has the first word; a dialog has the only one.
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const action = actionOf(event, actions);
    if (!action) return;
    event.preventDefault();
    action();
  });
}
