/** Of each profile: its operators, the lines that made tensors, its trace. */

import { h } from "../dom.js";
import { count, size } from "../format.js";
import { lineLink } from "../output.js";
import { table } from "../time-panel.js";
import { named, t } from "../words.js";
import { operatorsTable } from "./profile.js";

/** @typedef {import("../types").Profile} Profile */
/** @typedef {import("../types").Artifact} Artifact */

/** Which line made tensors, and which let them go. @param {Profile} profile */
function lifetimes({ path, lifetimes = [] }) {
  if (!lifetimes.length) return null;
  const where = (/** @type {number | null} */ line, /** @type {string} */ otherwise) =>
    line === null ? t(otherwise) : lineLink(line);
  const rows = lifetimes.map(({ line, freed, operator, tensors, held_bytes }) => [
    where(line, "notByALine"),
    where(freed, "outlives"),
    operator,
    count(tensors),
    size(held_bytes),
  ]);
  const heads = ["madeOn", "freedOn", "operator", "tensors", "held"].map((key) => t(key));
  return table(t("tensorsOf", { path: named("path", path) }), heads, rows);
}

/** The trace as a file, and as a flame chart on a page of its own. @param {string} name @param {Artifact[]} artifacts @param {string | null} runId */
function traceLinks(name, artifacts, runId) {
  const file = artifacts.find((one) => one.name === name);
  if (!file || !runId) return h("p", { class: "muted" }, t("traceGone"));
  const flame = `/flame/${encodeURIComponent(runId)}/${name.split("/").map(encodeURIComponent).join("/")}`;
  return h(
    "p",
    {},
    h("a", { href: flame, target: "_blank", rel: "noopener" }, t("flame")),
    " · ",
    h("a", { href: file.url, download: name.split("/").at(-1) }, t("traceFile")),
    h("span", { class: "muted" }, ` ${size(file.size_bytes)}`),
  );
}

/** @param {Profile[]} profiles @param {Artifact[]} artifacts @param {string | null} runId */
export function operators(profiles, artifacts, runId) {
  return profiles.map((profile) => {
    const { title, heads, rows } = operatorsTable(profile);
    const links = profile.trace ? traceLinks(profile.trace, artifacts, runId) : null;
    const said = t("operatorsCount", { n: count(rows.length) });
    const summary = h("summary", {}, title, h("span", { class: "muted" }, ` ${said}`));
    return h(
      "details",
      { "data-path": profile.path },
      summary,
      links,
      rows.length ? table(title, heads, rows) : null,
      lifetimes(profile),
    );
  });
}
