/** Events as a comparison of the chapter's network sent them, shortened. */

/** @typedef {import("../src/types").Benchmark} Benchmark */
/** @typedef {import("../src/types").Verdict} Verdict */

/** @param {string} path @param {number} median_ns @param {Partial<Benchmark>} [more] @returns {Benchmark} */
export const benchmark = (path, median_ns, more = {}) => ({
  type: "benchmark",
  path,
  compile_ns: 0,
  first_call_ns: 300_000,
  median_ns,
  iqr_ns: median_ns * 0.02,
  runs: 40,
  number_per_run: 500,
  stable: true,
  break_even_calls: null,
  ...more,
});

/** @param {string} subject @param {string} outcome @param {Partial<Verdict>} [more] @returns {Verdict} */
export const verdict = (subject, outcome, more = {}) => ({
  type: "verdict",
  subject,
  against: "eager",
  outcome,
  check: "inputs",
  ...more,
});

export const NETWORK = [
  benchmark("eager", 44_000, { break_even_calls: 0 }),
  benchmark("script", 35_200, { compile_ns: 12_000_000, first_call_ns: 41_000_000, break_even_calls: 4900 }),
  benchmark("freeze", 27_100, { compile_ns: 9_000_000, first_call_ns: 2_000_000, break_even_calls: 812 }),
  benchmark("compile", 91_000, { compile_ns: 1_100_000_000, first_call_ns: 95_000, stable: false }),
];
export const SAME = NETWORK.map(({ path }) => verdict(path, "same"));

/** English, as the page brings it, of what the tests look at. */
export const WORDS = {
  never: "never",
  calls: "{n} calls",
  measuredOn: "Measured on {machine}",
  "said.takes": "takes {time} per call",
  "said.asFast": "is as fast as {reference}, within the spread",
  "said.slower": "is {times} slower than {reference}: compiling never pays",
  "said.faster": "is {times} faster than {reference} and pays off after {n} calls",
  "said.fasterAtOnce": "is {times} faster than {reference} from the first call on",
  "said.failed": "failed at stage {stage}",
  "said.resultsOn": "results with {where}: {outcome}",
  "said.and": "; ",
  "head.never": "Compiling does not pay here.",
  "head.unsettled": "Whether compiling pays cannot be told.",
  "head.pays": "Compiling pays after {n} calls: {path} is then {times} faster than {reference}.",
  "head.atOnce": "Compiling pays at once: {path} is {times} faster than {reference}.",
  "head.noCrossing": "No path overtakes another in this range.",
  "head.verdict": "{path}: {outcome}",
  "check.perturbed": "perturbed inputs",
  "path.freeze": "trace + freeze",
  "path.compile": "torch.compile",
  disturbed: "{path}: the times did not settle. {what}",
  fasterFrom: "{path} is faster than {reference} from {name} ≈ {value} on",
  slowerFrom: "{path} is slower than {reference} from {name} ≈ {value} on",
  sweepAt: "By {name}, {second} = {value}",
  "ratio.faster": "{times} faster",
  "ratio.same": "the same",
  differsIn: "{name}: {recorded} then, {here} here",
  "fact.device": "Device",
  "fact.processor": "Processor",
  "fact.coresOf": "{cores}, processors: {processors}",
};
