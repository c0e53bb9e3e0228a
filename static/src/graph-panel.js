/** The dataflow of the program, drawn; the layout engine is loaded when a graph is first looked at. */

import { h, say } from "./dom.js";
import { colorOf } from "./lines.js";
import { named, t } from "./words.js";

/** @typedef {import("./types").Graph} Graph */

/** A graph too large to draw in good time is a list only. */
const DRAWN = 600;

/** The same in words, for those who do not see the drawing. @param {Graph} graph */
function list({ nodes, edges }) {
  const labels = new Map(nodes.map((node) => [node.id, node.label]));
  const items = nodes.map((node) => {
    const from = edges.filter(([, to]) => to === node.id).map(([source]) => labels.get(source) ?? source);
    const line = node.line ? ` · ${t("line", { n: node.line })}` : "";
    return h(
      "li",
      {},
      h("code", {}, node.label),
      h("span", { class: "muted" }, ` ${node.op}${from.length ? ` ← ${from.join(", ")}` : ""}${line}`),
    );
  });
  return h("details", {}, h("summary", {}, t("asList")), h("ol", {}, ...items));
}

export class GraphPanel extends HTMLElement {
  /** @type {Graph[]} */
  #waiting = [];

  /** @param {import("./session.js").Session} session */
  connect(session) {
    session.addEventListener("reset", () => {
      this.#waiting = [];
      this.replaceChildren(h("p", { class: "quiet" }, t("noGraph")));
    });
    session.addEventListener("told", (event) => {
      const told = /** @type {CustomEvent<import("./types").RunEvent>} */ (event).detail;
      if (told.type !== "graph") return;
      this.#waiting.push(told);
      if (this.checkVisibility()) this.show();
    });
  }

  /** Draw what came while nobody looked. */
  async show() {
    const waiting = this.#waiting.splice(0);
    if (!waiting.length) return;
    const { draw } = await import("./graph-draw.js");
    this.querySelector(".quiet")?.remove();
    for (const graph of waiting) {
      const name = named("level", graph.level);
      const go = (/** @type {number} */ line) => this.dispatchEvent(say("goto", line));
      const drawing =
        graph.nodes.length <= DRAWN
          ? h(
              "div",
              { class: "drawing", tabindex: 0, role: "group", "aria-label": name },
              draw(graph, { name, colorOf, go }),
            )
          : null;
      this.append(h("section", { class: "graph" }, h("h2", {}, name), drawing, list(graph)));
    }
  }
}
