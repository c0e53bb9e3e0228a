/** What a comparison says of each path: its times, its verdicts, where its time goes; and what follows in words. */

import { named } from "../words.js";

/** @typedef {import("../types").Benchmark} Benchmark */
/** @typedef {import("../types").Verdict} Verdict */

/** The path that the others are held against: of a call, and of a program. */
const REFERENCES = ["eager", "original"];
/** @param {{path: string}} event */
export const isReference = ({ path }) => REFERENCES.includes(path);
const GRADIENTS = "gradients";
/** From the mildest to the worst. */
export const OUTCOMES = ["same", "close", "nondeterministic", "differs", "failed"];
export const SIGNS = new Map([
  ["same", "="],
  ["close", "≈"],
  ["differs", "≠"],
  ["failed", "✗"],
  ["nondeterministic", "?"],
]);

/** Sign and word, so that neither color nor shape is needed. @param {string} outcome */
export const outcomeText = (outcome) => `${SIGNS.get(outcome) ?? ""} ${named("outcome", outcome)}`.trim();

/** @param {{parameters?: Record<string, number>}} event */
export const swept = ({ parameters }) => Object.keys(parameters ?? {}).length > 0;

/** The point of a sweep in words, or nothing. @param {{parameters?: Record<string, number>}} event */
export const parameters = ({ parameters }) =>
  Object.entries(parameters ?? {})
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");

/** @param {Verdict[]} verdicts @returns {Verdict | undefined} */
export function worst(verdicts) {
  return verdicts.toSorted((a, b) => OUTCOMES.indexOf(b.outcome) - OUTCOMES.indexOf(a.outcome))[0];
}

/**
 * The verdict that says whether a path may stand in for the reference: its gradients are another question, for many never train.
 * @param {Verdict[]} verdicts @param {string} path
 */
export function judged(verdicts, path) {
  const own = verdicts.filter(({ subject }) => subject === path);
  return worst(own.filter(({ check }) => check !== GRADIENTS)) ?? worst(own);
}

/** What is wrong with a path's gradients, if anything is. @param {Verdict[]} verdicts @param {string} path */
export const gradients = (verdicts, path) =>
  worst(
    verdicts.filter(
      ({ subject, check, outcome }) => subject === path && check === GRADIENTS && !["same", "close"].includes(outcome),
    ),
  );

/** Names in the order in which they were first said. @param {string[]} names */
export const unique = (names) => [...new Set(names)];

/** Where the true median may lie. @param {Benchmark} one @returns {[number, number]} */
export function interval({ interval_ns, median_ns, iqr_ns }) {
  return interval_ns ?? [Math.max(0, median_ns - iqr_ns / 2), median_ns + iqr_ns / 2];
}

/**
 * How a path's pace compares with the reference's: `same` where their boxes from first to third quartile overlap, which is what
 * decides whether compiling ever pays, too.
 * @param {Benchmark} one @param {Benchmark} reference @returns {{kind: "same" | "faster" | "slower", ratio: number}}
 */
export function pace(one, reference) {
  const ratio = reference.median_ns / Math.max(one.median_ns, 1e-3);
  if (Math.abs(reference.median_ns - one.median_ns) <= (reference.iqr_ns + one.iqr_ns) / 2)
    return { kind: "same", ratio };
  return ratio > 1 ? { kind: "faster", ratio } : { kind: "slower", ratio: 1 / ratio };
}
