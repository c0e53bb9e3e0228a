import assert from "node:assert/strict";
import { test } from "node:test";
import { agreementTable, remark, telling } from "../src/charts/agreement.js";
import { csv } from "../src/charts/csv.js";
import { markdown, markdownTable } from "../src/charts/markdown.js";
import { operatorsTable, partsTable } from "../src/charts/profile.js";
import { report } from "../src/charts/report.js";
import { speed, speedTable } from "../src/charts/speed.js";
import { fresh } from "../src/run-state.js";
import { setWords } from "../src/words.js";
import { benchmark, NETWORK, SAME, verdict, WORDS } from "./recorded.js";

setWords(WORDS);

test("CSV quotes what has to be, ends lines as RFC 4180 says, and leaves out what is not known", () => {
  assert.equal(
    csv(
      ["path", "note"],
      [
        ["a,b", 'say "hi"'],
        ["x", null],
        [1.5, "two\nlines"],
      ],
    ),
    'path,note\r\n"a,b","say ""hi"""\r\nx,\r\n1.5,"two\nlines"\r\n',
  );
});

test("no cell of CSV becomes a formula, but numbers stay numbers", () => {
  assert.equal(csv(["a"], [["=1+1"], ["@x"], [-5]]), "a\r\n'=1+1\r\n'@x\r\n-5\r\n");
});

test("no cell of Markdown becomes a part of the table, or markup", () => {
  assert.equal(
    markdownTable(["path", "note"], [["a|b", "<img> *bold*\nnext"]]),
    "| path | note |\n| --- | ---: |\n| a\\|b | &lt;img> \\*bold\\* next |",
  );
});

test("a report leaves out what is empty", () => assert.equal(markdown({ title: "Only this" }), "### Only this\n"));

test("a report has the conclusion, every path, the tables, the machine and the link", () => {
  const environment = { python: "3.11", torch: "2.13", device: "cpu", device_name: "EPYC", threads: 2, isolation: [] };
  const state = { ...fresh(null), benchmarks: NETWORK, verdicts: SAME, environment };
  const text = report(state, "https://play.example/s/abc");
  assert.match(text, /^### Compiling pays after 812 calls/);
  assert.match(text, /^- = same: script is 1\.25× faster/m);
  assert.match(text, /^\| trace \+ freeze \| 27\.1 µs ± 271 ns \|/m);
  assert.match(text, /PyTorch: 2\.13 · Python: 3\.11/);
  assert.match(text, /\n\nhttps:\/\/play\.example\/s\/abc\n$/);
});

test("a column that no path fills is left out", () => {
  const { heads, rows } = speedTable(NETWORK);
  assert.ok(!heads.includes("instructions"));
  assert.ok(speedTable([benchmark("eager", 1, { instructions: 1234 })]).heads.includes("instructions"));
  assert.ok(rows.every((row) => row.length === heads.length));
});

test("numbers for a spreadsheet are in base units, one row for each path", () => {
  const { data } = speed(NETWORK, () => ({ index: 0, className: "", dash: "" }));
  assert.deepEqual(
    data.rows.map(([path, median]) => [path, median]),
    NETWORK.map(({ path, median_ns }) => [path, median_ns]),
  );
});

test("agreement has a row for each path and a column for each check, with the greatest errors", () => {
  const verdicts = [
    verdict("eager", "same", { max_abs_error: 0, max_rel_error: 0, max_ulp_error: 0 }),
    verdict("trace", "same", { max_abs_error: 0 }),
    verdict("trace", "close", { check: "perturbed", max_abs_error: 2e-7, max_ulp_error: 1234 }),
    verdict("trace", "differs", { parameters: { batch: 2 } }),
  ];
  const { heads, rows } = agreementTable(verdicts);
  assert.deepEqual(heads.slice(0, 3), ["path", "inputs", "perturbed inputs"]);
  assert.deepEqual(rows, [
    ["eager", "= same", "–", "0", "0", "0"],
    ["trace", "= same", "≈ close", "2.00e-7", "–", "1,234"],
  ]);
  assert.deepEqual(telling(verdicts), [[verdicts[3]]]);
});

test("what is said at many points of a sweep is said once, with the points", () => {
  const refusals = [1, 16].map((batch) =>
    verdict("freeze", "failed", {
      check: "gradients",
      stage: "check",
      message: "for inference",
      parameters: { batch },
    }),
  );
  const groups = telling([...refusals, verdict("script", "failed", { stage: "compile", message: "no", line: 3 })]);
  assert.deepEqual(
    groups.map((alike) => remark(alike).where),
    ["gradients, atStage, batch = 1; batch = 16", "inputs, atStage"],
  );
});

const PROFILE = {
  type: /** @type {const} */ ("profile"),
  path: "eager",
  parts: /** @type {[string, number][]} */ ([
    ["python", 15_000],
    ["kernel", 5_000],
  ]),
  operators: [
    { name: "aten::addmm", calls: 2, self_ns: 3000, allocated_bytes: 2048 },
    { name: "[memory]", calls: 0.5, self_ns: 1000, allocated_bytes: -2048 },
  ],
  peak_bytes: 4096,
  allocated_bytes: 2048,
};

test("parts of a call are said with their share", () => {
  assert.deepEqual(partsTable([PROFILE]).rows, [["eager", "15.0 µs (75.0%)", "5.00 µs (25.0%)", "4.00 KB", "2.00 KB"]]);
});

test("an operator may give back more than it takes", () => {
  assert.deepEqual(operatorsTable(PROFILE).rows, [
    ["aten::addmm", "2", "3.00 µs", "75.0%", "2.00 KB"],
    ["[memory]", "0.500", "1.00 µs", "25.0%", "−2.00 KB"],
  ]);
});
