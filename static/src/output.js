/** What the program said: printed text, shown values, its error, findings and files. */

import { h, say } from "./dom.js";
import { count, size } from "./format.js";
import { problemText } from "./problem.js";
import { Terminal } from "./terminal.js";
import { named, plural, t } from "./words.js";

/** @typedef {import("./types").RunEvent} RunEvent */
/** @typedef {import("./ansi.js").Piece} Piece */

/** @param {Piece} piece */
function painted({ text, classes, color, background }) {
  if (!classes && !color && !background) return document.createTextNode(text);
  const element = h("span", { class: classes || null }, text);
  // A color of the program's own choice is moved towards the text's, so that it can be read on light and on dark.
  const readable = color && !background ? `color-mix(in srgb, ${color} 60%, var(--text))` : color;
  Object.assign(element.style, { color: readable, background });
  return element;
}

const NEWLINE = { text: "\n", classes: "", color: "", background: "" };

/** Neighbors that look alike become one piece: a flood of plain lines is one text. @param {Piece[]} pieces */
function joined(pieces) {
  /** @type {Piece[]} */
  const found = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    const alike = last && last.classes === piece.classes && last.color === piece.color;
    if (alike && last.background === piece.background) last.text += piece.text;
    else found.push({ ...piece });
  }
  return found;
}

/** A button that goes to a line of the program. @param {number} line @param {string} [label] */
export const lineLink = (line, label = t("line", { n: line })) =>
  h(
    "button",
    { type: "button", class: "link", onclick: (/** @type {Event} */ e) => e.target?.dispatchEvent(say("goto", line)) },
    label,
  );

/** One stretch of one stream. */
class Block {
  #terminal = new Terminal();
  #done = h("span");
  #open = h("span");

  /** @param {"stdout" | "stderr"} stream */
  constructor(stream) {
    this.stream = stream;
    const label = stream === "stderr" ? h("span", { class: "stream" }, "stderr") : null;
    this.element = h("div", { class: `printed ${stream}` }, label, h("pre", {}, this.#done, this.#open));
  }

  /** @param {string} text */
  write(text) {
    const { lines, open } = this.#terminal.write(text);
    if (lines.length) this.#done.append(...joined(lines.flatMap((line) => [...line, NEWLINE])).map(painted));
    this.#open.replaceChildren(...open.map(painted));
  }
}

export class OutputPanel extends HTMLElement {
  #flow = h("div", { class: "flow" });
  #captured = h("p", { class: "captured", hidden: true });
  #judged = h("div", { class: "judged" });
  #findings = h("div", { class: "findings" });
  #files = h("ul", { class: "files" });
  /** @type {Block | null} */
  #block = null;
  /** @type {{stream: "stdout" | "stderr", text: string}[]} */
  #waiting = [];

  /** @param {import("./session.js").Session} session */
  connect(session) {
    session.addEventListener("reset", () => this.#reset());
    session.addEventListener("told", (event) => this.#take(/** @type {CustomEvent<RunEvent>} */ (event).detail));
    session.addEventListener("phase", () => this.#phase(session));
  }

  #reset() {
    this.#block = null;
    this.#waiting = [];
    const parts = [this.#flow, this.#captured, this.#judged, this.#findings, this.#files];
    for (const part of parts) part.replaceChildren();
    this.#captured.hidden = true;
    this.replaceChildren(...parts);
  }

  /** @param {RunEvent} event */
  #take(event) {
    if (event.type === "output") this.#print(event);
    else if (event.type === "display") this.#append(shown(event));
    else if (event.type === "error") this.#append(failure(event));
    else if (event.type === "captured") this.#count(event);
    else if (event.type === "verdict" && event.subject === "rewritten") this.#judged.append(judged(event));
    else if (event.type === "diagnostic") this.#findings.append(finding(event));
    else if (event.type === "artifact") this.#file(event);
  }

  /** Text waits for the next frame: a flood of small pieces is drawn at once. @param {import("./types").Output} event */
  #print({ stream, text }) {
    const last = this.#waiting.at(-1);
    if (last?.stream === stream) last.text += text;
    else this.#waiting.push({ stream, text });
    if (this.#waiting.length === 1 && last === undefined) requestAnimationFrame(() => this.#flush());
  }

  #flush() {
    const scroller = this.closest(".panel");
    const atEnd = scroller !== null && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
    for (const { stream, text } of this.#waiting.splice(0)) {
      if (this.#block?.stream !== stream) {
        this.#block = new Block(stream);
        this.#flow.append(this.#block.element);
      }
      this.#block.write(text);
    }
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  }

  /** @param {HTMLElement} element */
  #append(element) {
    this.#flush();
    this.#block = null;
    this.#flow.append(element);
  }

  /** What torch.compile did, in numbers; the last word counts. @param {import("./types").Captured} captured */
  #count(captured) {
    this.#captured.textContent = capturedText(captured);
    this.#captured.hidden = false;
  }

  /** @param {import("./types").Artifact} file */
  #file({ name, size_bytes, url }) {
    const link = h("a", { href: url, download: name.split("/").at(-1) }, name);
    this.#files.append(h("li", {}, link, h("span", { class: "muted" }, ` ${size(size_bytes)}`)));
  }

  /** @param {import("./session.js").Session} session */
  #phase({ state }) {
    if (state.phase === "failed" && state.problem) this.#append(refusal(state.problem));
    if (state.phase !== "finished") return;
    this.#flush();
    const silent = !state.outputs && !state.error && !state.artifacts.length;
    if (silent && state.finished?.status === "ok") this.#append(h("p", { class: "quiet" }, t("printedNothing")));
  }
}

/** @param {import("./types").Captured} captured */
function capturedText({ graphs, graph_breaks, recompiles, left_out = 0 }) {
  const said = [
    plural("graphs", graphs),
    plural("graphBreaks", graph_breaks),
    plural("recompiles", recompiles),
    left_out ? t("graphsLeftOut", { n: count(left_out) }) : "",
  ];
  return t("capturedBy", { what: said.filter(Boolean).join(", ") });
}

/** @param {import("./types").Display} event */
function shown({ mime, data }) {
  if (!mime.startsWith("image/")) return h("pre", { class: "shown" }, data);
  // SVG too is shown as an image: nothing in it can run or load.
  const encoded = mime === "image/svg+xml" ? `,${encodeURIComponent(data)}` : `;base64,${data}`;
  return h("img", { class: "figure", alt: t("figure"), src: `data:${mime}${encoded}` });
}

/** @param {import("./types").SnippetError} error */
function failure({ error_type, message, line, frames }) {
  const title = h("p", { class: "what" }, h("strong", {}, error_type), message ? `: ${message}` : "");
  const items = frames.map(({ file, line, function: name, text, origin }) => {
    const place = file === "<snippet>" ? lineLink(line) : h("span", {}, `${t("generated")}, ${t("line", { n: line })}`);
    const written = origin ? [", ", lineLink(origin, t("writtenBy", { n: origin }))] : [];
    return h(
      "li",
      {},
      place,
      ...written,
      h("code", { class: "muted" }, name === "<module>" ? "" : ` ${name}`),
      h("pre", {}, text.trim()),
    );
  });
  const where = !items.length && line ? lineLink(line) : null;
  return h(
    "section",
    { class: "failure", "aria-label": t("error") },
    title,
    where,
    items.length ? h("ol", {}, ...items) : null,
  );
}

/** @param {import("./types").Problem} problem */
const refusal = (problem) =>
  h(
    "section",
    { class: "failure", "aria-label": t("error") },
    h("p", {}, problemText(problem)),
    h("p", { class: "muted" }, t("nothingLost")),
  );

/** @type {Record<string, string>} */
const SIGNS = { same: "=", differs: "≠", failed: "✗", nondeterministic: "?" };

/** Does the rewritten program do what the original does? @param {import("./types").Verdict} verdict */
function judged({ outcome, message, line, parameters = {} }) {
  const which = parameters.program ? `${t("programNumber", { n: parameters.program })} ` : "";
  const what = outcome === "same" && message ? message : t(`rewriting.${outcome}`);
  return h(
    "p",
    {},
    h("span", { class: `verdict ${outcome}` }, `${SIGNS[outcome] ?? ""} `),
    which,
    what,
    line ? " " : null,
    line ? lineLink(line) : null,
    message && what !== message ? h("span", { class: "muted" }, ` ${message}`) : null,
  );
}

/** @param {import("./types").Finding} event */
function finding({ kind, line, message, reason, hint, detail }) {
  const said = detail
    ? h(
        "details",
        {},
        h("summary", {}, t(kind === "graph_break" ? "fullgraphSays" : "compilerSays")),
        h("pre", {}, detail),
      )
    : null;
  return h(
    "section",
    { class: `finding ${kind}` },
    h("p", {}, h("strong", {}, named("finding", kind)), " ", line ? lineLink(line) : null),
    h("p", {}, message),
    reason ? h("p", { class: "muted" }, reason) : null,
    hint ? h("p", { class: "hint" }, `${t("hint")} ${hint}`) : null,
    said,
  );
}
