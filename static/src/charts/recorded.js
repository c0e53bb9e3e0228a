/** What was recorded with a link, beside what the same program measured here. */

import { duration } from "../format.js";
import { named, t } from "../words.js";
import { judged, outcomeText, pace, swept, unique } from "./paths.js";
import { times } from "./summary.js";

/** @typedef {import("../types").RunState} RunState */
/** @typedef {import("../types").Benchmark} Benchmark */

/** @param {Benchmark} then @param {Benchmark} here */
function ratio(then, here) {
  const { kind, ratio } = pace(here, then);
  return t(`ratio.${kind}`, { times: times(ratio) });
}

/** @param {Benchmark[]} all */
const plain = (all) => all.filter((one) => !swept(one));

/** @param {RunState} then @param {RunState} here @returns {import("./columns.js").Table} */
export function sideBySide(then, here) {
  const [before, now] = [plain(then.benchmarks), plain(here.benchmarks)];
  const verdict = (/** @type {RunState} */ state, /** @type {string} */ path) => {
    const found = judged(state.verdicts, path);
    return found ? outcomeText(found.outcome) : "–";
  };
  const rows = unique([...before, ...now].map(({ path }) => path)).map((path) => {
    const [old, own] = [before, now].map((all) => all.find((one) => one.path === path));
    return [
      named("path", path),
      old ? duration(old.median_ns) : "–",
      own ? duration(own.median_ns) : "–",
      old && own ? ratio(old, own) : "–",
      verdict(then, path),
      verdict(here, path),
    ];
  });
  const heads = ["path", "recordedMedian", "hereMedian", "ratioHead", "recordedVerdict", "hereVerdict"].map((key) =>
    t(key),
  );
  return { title: t("sideBySide"), heads, rows };
}
