/** Where one call of each path spends its time, and what it holds. */

import { count, duration, share, significant, size } from "../format.js";
import { named, t } from "../words.js";
import { stacks } from "./bars.js";
import { tableOf, valuesOf } from "./columns.js";
import { parameters, unique } from "./paths.js";

/** @typedef {import("../types").Profile} Profile */
/** @typedef {import("../types").Operator} Operator */

/** A path, and at which point of a sweep. @param {Profile} one */
const nameOf = (one) => [named("path", one.path), parameters(one)].filter(Boolean).join(", ");

/** @param {Profile} one */
const total = ({ parts }) => parts.reduce((sum, [, ns]) => sum + ns, 0);

/** @param {Profile[]} profiles @returns {import("./columns.js").Table} */
export function partsTable(profiles) {
  const names = unique(profiles.flatMap(({ parts }) => parts.map(([name]) => name)));
  /** @type {import("./columns.js").Column<Profile>[]} */
  const parts = names.map((name) => ({
    head: named("part", name),
    cell: (one) => {
      const ns = one.parts.find(([found]) => found === name)?.[1];
      return ns === undefined ? null : `${duration(ns)} (${share(ns, total(one))})`;
    },
  }));
  return tableOf(
    t("parts"),
    [
      { head: t("path"), cell: nameOf },
      ...parts,
      { head: t("peakMemory"), cell: ({ peak_bytes }) => size(peak_bytes) },
      { head: t("allocated"), cell: ({ allocated_bytes }) => size(allocated_bytes) },
    ],
    profiles,
  );
}

/** @param {Profile[]} profiles @returns {import("./figure.js").Content} */
export function parts(profiles) {
  const names = unique(profiles.flatMap(({ parts }) => parts.map(([name]) => name)));
  const drawn = profiles.map((one) => ({
    name: nameOf(one),
    parts: one.parts.map(([name, value]) => ({ name: named("part", name), index: names.indexOf(name), value })),
  }));
  /** @type {[string, (one: Profile) => import("./csv.js").Cell][]} */
  const columns = names.map((name) => [`${name}_ns`, ({ parts }) => parts.find(([found]) => found === name)?.[1]]);
  return {
    title: t("parts"),
    about: t("partsAbout"),
    file: "where-time-goes",
    draw: (width) => stacks(drawn, { width, title: t("parts") }),
    data: valuesOf(
      [
        ["path", ({ path }) => path],
        ["parameters", parameters],
        ...columns,
        ["peak_bytes", ({ peak_bytes }) => peak_bytes],
        ["allocated_bytes", ({ allocated_bytes }) => allocated_bytes],
      ],
      profiles,
    ),
    table: partsTable(profiles),
  };
}

/** @param {Profile} profile */
export function operatorsTable(profile) {
  const whole = profile.operators.reduce((sum, { self_ns }) => sum + self_ns, 0);
  /** @type {import("./columns.js").Column<Operator>[]} */
  const columns = [
    { head: t("operator"), cell: ({ name }) => name },
    { head: t("callsHead"), cell: ({ calls }) => (Number.isInteger(calls) ? count(calls) : significant(calls)) },
    { head: t("ownTime"), cell: ({ self_ns }) => duration(self_ns) },
    { head: t("share"), cell: ({ self_ns }) => share(self_ns, whole) },
    { head: t("allocated"), cell: ({ allocated_bytes }) => (allocated_bytes ? signedSize(allocated_bytes) : null) },
  ];
  return tableOf(t("operatorsOf", { path: nameOf(profile) }), columns, profile.operators);
}

/** An operator may free more than it takes. @param {number} bytes */
const signedSize = (bytes) => `${bytes < 0 ? "−" : ""}${size(Math.abs(bytes))}`;
