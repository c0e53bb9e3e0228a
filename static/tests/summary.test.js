import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../src/charts/machine.js";
import { sideBySide } from "../src/charts/recorded.js";
import { disturbances } from "../src/charts/speed.js";
import { headline, sentences } from "../src/charts/summary.js";
import { fresh } from "../src/run-state.js";
import { setWords } from "../src/words.js";
import { benchmark, NETWORK, SAME, verdict, WORDS } from "./recorded.js";

setWords(WORDS);

test("the conclusion names the fastest path that does the same, and when it pays", () => {
  assert.equal(
    headline(NETWORK, SAME),
    "Compiling pays after 812 calls: trace + freeze is then 1.62× faster than eager.",
  );
});

test("a faster path that does something else is no reason to compile", () => {
  const verdicts = [...SAME, verdict("freeze", "differs", { check: "perturbed" })];
  assert.equal(
    headline(NETWORK, verdicts),
    "Compiling pays after 4,900 calls: script is then 1.25× faster than eager.",
  );
});

test("the forms of a program are held against the original", () => {
  const forms = [
    benchmark("original", 2_000, { break_even_calls: 0 }),
    benchmark("rewritten", 1_000, { break_even_calls: 50 }),
  ];
  assert.equal(headline(forms, []), "Compiling pays after 50 calls: rewritten is then 2.00× faster than original.");
  assert.equal(sentences(forms, [])[0]?.text, "takes 2.00 µs per call");
});

test("times that did not settle are no reason to say that compiling does not pay", () => {
  const [eager, freeze] = [
    benchmark("eager", 1_000, { iqr_ns: 900, stable: false }),
    benchmark("freeze", 800, { break_even_calls: null }),
  ];
  assert.equal(headline([eager, freeze], []), "Whether compiling pays cannot be told.");
  assert.equal(headline([{ ...eager, stable: true }, freeze], []), "Compiling does not pay here.");
});

test("where nothing is faster, compiling does not pay", () => {
  const slow = NETWORK.filter(({ path }) => path === "eager" || path === "compile");
  assert.equal(headline(slow, SAME), "Compiling does not pay here.");
});

test("without times the worst outcome is the conclusion", () => {
  const verdicts = [
    verdict("program", "same", { against: "program" }),
    verdict("released", "differs", { against: "program" }),
  ];
  assert.equal(headline([], verdicts), "released: ≠ differs");
});

test("each path has a sentence", () => {
  assert.deepEqual(
    sentences(NETWORK, SAME).map(({ path, text }) => `${path} ${text}`),
    [
      "eager takes 44.0 µs per call",
      "script is 1.25× faster than eager and pays off after 4,900 calls",
      "freeze is 1.62× faster than eager and pays off after 812 calls",
      "compile is 2.07× slower than eager: compiling never pays",
    ],
  );
});

test("a sentence says on what a path differs, and where it failed", () => {
  const verdicts = [
    verdict("eager", "same"),
    verdict("trace", "same"),
    verdict("trace", "differs", { check: "perturbed" }),
    verdict("export", "failed", { stage: "compile" }),
    verdict("script", "differs", { parameters: { batch: 16 } }),
  ];
  assert.deepEqual(
    sentences([], verdicts).map(({ path, outcome, text }) => [path, outcome, text]),
    [
      ["eager", "same", ""],
      ["trace", "differs", "results with perturbed inputs: differs"],
      ["export", "failed", "failed at stage compile"],
      ["script", "differs", "results with batch = 16: differs"],
    ],
  );
});

test("a path without gradients may stand in for eager, and its sentence says so", () => {
  const verdicts = [...SAME, verdict("freeze", "failed", { check: "gradients", stage: "check" })];
  assert.match(headline(NETWORK, verdicts), /trace \+ freeze/);
  const said = sentences(NETWORK, verdicts).find(({ path }) => path === "freeze");
  assert.equal(said?.outcome, "same");
  assert.match(said?.text ?? "", /; results with gradients: failed$/);
});

test("paces whose quartiles overlap are the same", () => {
  const close = [benchmark("eager", 1000, { iqr_ns: 100 }), benchmark("script", 910, { iqr_ns: 100 })];
  assert.equal(sentences(close, [])[1]?.text, "is as fast as eager, within the spread");
});

test("points of a sweep are not taken for the comparison itself", () => {
  const point = benchmark("script", 1, { parameters: { batch: 1 }, break_even_calls: 1 });
  assert.equal(headline([...NETWORK.slice(0, 1), point], SAME), "script: = same");
});

test("of a sweep alone the conclusion is where paths overtake each other", () => {
  const points = [1, 64].flatMap((batch) => [
    benchmark("eager", 1000 * batch, { parameters: { batch } }),
    benchmark("compile", 8000, { parameters: { batch } }),
  ]);
  assert.equal(headline(points, SAME), "torch.compile is faster than eager from batch ≈ 8 on");
  const slow = points.map((one) => (one.path === "compile" ? { ...one, median_ns: 1e9 } : one));
  assert.equal(headline(slow, SAME), "No path overtakes another in this range.");
});

test("what disturbed the times is said", () => {
  const noisy = [benchmark("trace", 5, { stable: false, disturbance: "12 % stolen" })];
  assert.deepEqual(disturbances([...NETWORK.slice(0, 1), ...noisy]), ["trace: the times did not settle. 12 % stolen"]);
});

test("a record stands beside what was measured here", () => {
  const then = { ...fresh(null), benchmarks: NETWORK.slice(0, 2), verdicts: SAME };
  const here = { ...fresh(null), benchmarks: [benchmark("eager", 22_000)], verdicts: [verdict("eager", "close")] };
  const { rows } = sideBySide(then, here);
  assert.deepEqual(rows, [
    ["eager", "44.0 µs", "22.0 µs", "2.00× faster", "= same", "≈ close"],
    ["script", "35.2 µs", "–", "–", "= same", "–"],
  ]);
});

test("of two machines only what differs is said", () => {
  const machine = {
    processor: "EPYC",
    architecture: "x86_64",
    cores: 2,
    processors: 2,
    governor: null,
    kernel: "6.1",
    memory_bytes: 2 ** 32,
    load: 0.1,
    versions: { numpy: "2.1" },
  };
  const then = {
    python: "3.11.2",
    torch: "2.13",
    device: "cpu",
    device_name: "EPYC",
    threads: 2,
    isolation: [],
    machine,
  };
  const here = { ...then, torch: "2.14", machine: { ...machine, processor: "Xeon", load: 3 } };
  assert.deepEqual(differences(then, then), []);
  assert.deepEqual(differences(then, here), [
    "Processor: EPYC (x86_64) then, Xeon (x86_64) here",
    "PyTorch: 2.13 then, 2.14 here",
  ]);
  assert.deepEqual(differences(null, here), []);
});
