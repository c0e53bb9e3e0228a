/** Values of a line chart at one place: by pointer, or by arrow keys. */

import { h, svg } from "../dom.js";
import { t } from "../words.js";

/** @typedef {{root: SVGElement, x: import("./scale.js").Scale, box: import("./axes.js").Box}} Drawn */

/**
 * @param {HTMLElement} holder the focusable element around the drawing
 * @param {Drawn} drawn
 * @param {number[]} stops where there are values, ascending
 * @param {(at: number) => string} words
 */
export function readable(holder, { root, x, box }, stops, words) {
  const line = svg("path", { class: "cursor" });
  const text = h("p", { class: "readout", "aria-live": "polite" }, t("readKeys"));
  let index = -1;
  const go = (/** @type {number} */ to) => {
    index = Math.max(0, Math.min(stops.length - 1, to));
    const at = stops[index];
    if (at === undefined) return;
    line.setAttribute("d", `M${x.place(at).toFixed(1)} ${box.top}V${box.bottom}`);
    text.textContent = words(at);
  };
  root.append(line);
  holder.addEventListener("pointermove", (event) => {
    const place = event.clientX - root.getBoundingClientRect().left;
    const distance = (/** @type {number} */ at) => Math.abs(x.place(at) - place);
    go(stops.reduce((best, at, here) => (distance(at) < distance(stops[best] ?? 0) ? here : best), 0));
  });
  holder.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: stops.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
  return text;
}
