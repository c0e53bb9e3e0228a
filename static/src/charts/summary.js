/** The comparison in words, the conclusion first. */

import { count, duration, significant } from "../format.js";
import { named, t } from "../words.js";
import { gradients, isReference, judged, outcomeText, pace, parameters, swept, unique, worst } from "./paths.js";
import { facets, overtakings, overtakingText } from "./sweep.js";

/** @typedef {import("../types").Benchmark} Benchmark */
/** @typedef {import("../types").Verdict} Verdict */
/** @typedef {{path: string, outcome: string, text: string}} Said */

/** @param {number} ratio */
export const times = (ratio) => `${significant(ratio)}×`;

/** @param {Benchmark | undefined} one @param {Benchmark | undefined} reference */
function speed(one, reference) {
  if (!one) return "";
  if (!reference || one === reference) return t("said.takes", { time: duration(one.median_ns) });
  const { kind, ratio } = pace(one, reference);
  const values = { times: times(ratio), reference: named("path", reference.path) };
  if (kind === "slower") return t("said.slower", values);
  const calls = one.break_even_calls;
  if (kind === "same" || calls == null) return t("said.asFast", values);
  return t(calls <= 1 ? "said.fasterAtOnce" : "said.faster", { ...values, n: count(calls) });
}

/** What the sign beside it does not say: where the path fails, and on what it is that it differs. @param {Verdict | undefined} verdict */
function agreement(verdict) {
  if (!verdict || verdict.outcome === "same") return "";
  const { outcome, stage, check = "inputs" } = verdict;
  const place = parameters(verdict);
  if (outcome === "failed" && check !== "gradients" && !place)
    return t("said.failed", { stage: named("stage", stage ?? "compile") });
  const where = [check === "inputs" ? "" : named("check", check), place].filter(Boolean).join(", ");
  return where ? t("said.resultsOn", { outcome: named("outcome", outcome), where }) : "";
}

/** One sentence for each path. @param {Benchmark[]} benchmarks @param {Verdict[]} verdicts @returns {Said[]} */
export function sentences(benchmarks, verdicts) {
  const plain = benchmarks.filter((one) => !swept(one));
  const reference = plain.find(isReference);
  const names = unique([...verdicts.map(({ subject }) => subject), ...plain.map(({ path }) => path)]);
  return names.map((path) => {
    const verdict = judged(verdicts, path);
    const own = plain.find((one) => one.path === path);
    const wrong = gradients(verdicts, path);
    const parts = [speed(own, reference), agreement(verdict), wrong === verdict ? "" : agreement(wrong)].filter(
      Boolean,
    );
    return { path, outcome: verdict?.outcome ?? "", text: parts.join(t("said.and")) };
  });
}

/** The conclusion: does compiling pay, and may one trust it? @param {Benchmark[]} benchmarks @param {Verdict[]} verdicts */
export function headline(benchmarks, verdicts) {
  const plain = benchmarks.filter((one) => !swept(one));
  const reference = plain.find(isReference);
  const others = plain.filter((one) => one !== reference);
  if (!reference || !others.length) return overtaken(benchmarks, verdicts) || agreed(verdicts);
  const trusted = others.filter(({ path }) => {
    const outcome = judged(verdicts, path)?.outcome;
    return outcome !== "differs" && outcome !== "failed";
  });
  const [best] = trusted
    .filter((one) => pace(one, reference).kind === "faster" && one.break_even_calls != null)
    .sort((a, b) => a.median_ns - b.median_ns);
  const than = named("path", reference.path);
  if (!best) return t(mayBeFaster(trusted, reference) ? "head.unsettled" : "head.never", { reference: than });
  const values = { path: named("path", best.path), times: times(pace(best, reference).ratio), reference: than };
  const calls = best.break_even_calls ?? 0;
  return calls <= 1 ? t("head.atOnce", values) : t("head.pays", { ...values, n: count(calls) });
}

/**
 * Would one be faster, if the times had settled? Then nothing can be concluded.
 * @param {Benchmark[]} others @param {Benchmark} reference
 */
const mayBeFaster = (others, reference) =>
  others.some((one) => !(one.stable && reference.stable) && one.median_ns < reference.median_ns);

/** Where only a sweep was timed: where does one path overtake another? @param {Benchmark[]} benchmarks @param {Verdict[]} verdicts */
function overtaken(benchmarks, verdicts) {
  const all = facets(benchmarks, verdicts).filter((facet) => {
    const references = facet.benchmarks.filter(isReference);
    return references.length > 1 && references.length < facet.benchmarks.length;
  });
  const said = all.flatMap((facet) => overtakings(facet).map((one) => overtakingText(one, facet)));
  return said.length || !all.length ? said.slice(0, 3).join(t("said.and")) : t("head.noCrossing");
}

/** Where nothing was timed: do the forms of the program agree? @param {Verdict[]} verdicts */
function agreed(verdicts) {
  const others = verdicts.filter(({ subject, against }) => subject !== against);
  const found = worst(others);
  if (!found) return "";
  return t("head.verdict", { path: named("path", found.subject), outcome: outcomeText(found.outcome) });
}
