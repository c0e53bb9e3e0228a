/** One line in words: how the run stands, how long, how much memory; and where it runs. */

import { h } from "./dom.js";
import { count, duration, elapsed, size } from "./format.js";
import { lineLink } from "./output.js";
import { problemText } from "./problem.js";
import { total } from "./run-state.js";
import { bar } from "./time-panel.js";
import { named, t } from "./words.js";

/** @typedef {import("./types").RunState} RunState */
/** @typedef {{text: string, line?: number | null, kind: string}} Status */

/** @param {import("./types").Limit | null | undefined} limit */
function limitText(limit) {
  if (!limit) return "";
  // The name of a limit that counts says already what it counts.
  const counted = limit.unit === limit.name ? count(limit.value) : `${count(limit.value)} ${limit.unit}`;
  const value = limit.unit === "bytes" ? size(limit.value) : counted;
  return t("limit", { name: named("limit", limit.name), value });
}

/** @param {RunState} state @returns {Status} */
function finished(state) {
  const { status = "ok", signal, limit, exit_code } = state.finished ?? {};
  const spent = duration(total(state));
  if (status === "ok") return { text: t("status.ok", { time: spent }), kind: "good" };
  if (status === "cancelled") return { text: t("status.cancelled", { time: spent }), kind: "stopped" };
  if (status === "killed") return { text: t("status.killed", { signal: signal ?? "?" }), kind: "bad" };
  if (status === "error" && state.error) {
    const { error_type, line } = state.error;
    return { text: line ? t("status.errorOn", { type: error_type, n: line }) : error_type, line, kind: "bad" };
  }
  if (status === "error") return { text: t("status.exit", { code: exit_code ?? 1 }), kind: "bad" };
  return { text: [t(`status.${status}`), limitText(limit)].filter(Boolean).join(" "), kind: "bad" };
}

/** @param {RunState} state @param {boolean} stopping @returns {Status} */
export function statusOf(state, stopping) {
  if (state.phase === "finished") {
    const done = finished(state);
    return state.recorded ? { ...done, text: t("status.recorded", { what: done.text }) } : done;
  }
  if (state.phase === "failed" && state.problem) return { text: problemText(state.problem), kind: "bad" };
  if (stopping) return { text: t("status.stopping"), kind: "busy" };
  if (state.phase === "queued" && state.position > 0)
    return { text: t("status.queued", { n: state.position }), kind: "busy" };
  return { text: t(`status.${state.phase}`), kind: state.phase === "idle" ? "" : "busy" };
}

export class StatusBar extends HTMLElement {
  #words = h("span", { class: "words", role: "status" });
  #numbers = h("span", { class: "numbers" });
  #stages = h("span", { class: "where-time" });
  #environment = h("span", { class: "environment" });
  #since = 0;
  #pending = false;

  /** @param {import("./session.js").Session} session @param {import("./types").Environment | null} environment */
  connect(session, environment) {
    this.replaceChildren(this.#words, this.#numbers, this.#stages, this.#environment);
    this.#where(environment);
    session.addEventListener("reset", () => {
      this.#since = performance.now();
    });
    session.addEventListener("lost", () => this.#say({ text: t("status.lost"), kind: "busy" }));
    session.addEventListener("phase", () => {
      this.#say(statusOf(session.state, session.stopping));
      this.#where(session.state.environment ?? environment);
      this.#draw(session);
      if (session.running) this.#count(session);
    });
    session.addEventListener("told", () => this.#later(session));
    this.#say(statusOf(session.state, false));
  }

  /** @param {import("./session.js").Session} session */
  #count(session) {
    if (!session.running) return;
    this.#draw(session);
    setTimeout(() => this.#count(session), 100);
  }

  /** @param {import("./session.js").Session} session */
  #later(session) {
    if (this.#pending) return;
    this.#pending = true;
    requestAnimationFrame(() => {
      this.#pending = false;
      this.#draw(session);
    });
  }

  /** @param {Status} status */
  #say({ text, line, kind }) {
    if (this.#words.textContent !== text) this.#words.replaceChildren(line ? lineLink(line, text) : text);
    this.#words.dataset.kind = kind;
  }

  /** @param {import("./session.js").Session} session */
  #draw({ state, running }) {
    const memory = state.finished?.peak_rss_bytes || state.usage?.rss_bytes || 0;
    const time = running ? elapsed((performance.now() - this.#since) * 1e6) : "";
    const text = [time, memory ? size(memory) : ""].filter(Boolean).join(" · ");
    if (this.#numbers.textContent !== text) this.#numbers.textContent = text;
    const known = state.stages.filter((stage) => stage.wall_ns !== null);
    this.#stages.replaceChildren(...(known.length ? [bar(known)] : []));
  }

  /** @param {import("./types").Environment | null} environment */
  #where(environment) {
    if (!environment) return;
    const { torch, python, device, threads } = environment;
    this.#environment.textContent = `torch ${torch} · python ${python} · ${t("threadsOn", { device: device.toUpperCase(), n: threads })}`;
    this.#environment.title = `${environment.device_name} · ${environment.isolation.join(", ")}`;
  }
}
