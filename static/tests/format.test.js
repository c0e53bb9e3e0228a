import assert from "node:assert/strict";
import { test } from "node:test";
import { compact, duration, elapsed, error, share, significant, size, tick } from "../src/format.js";

test("numbers have three significant digits", () => {
  assert.equal(significant(0), "0");
  assert.equal(significant(1.23456), "1.23");
  assert.equal(significant(12.3456), "12.3");
  assert.equal(significant(1234.5), "1235");
  assert.equal(significant(0.012345), "0.0123");
});

test("a duration chooses its unit by size, and never shows a thousand of one", () => {
  assert.equal(duration(7), "7 ns");
  assert.equal(duration(12_345), "12.3 µs");
  assert.equal(duration(999_700), "1.00 ms");
  assert.equal(duration(12_300_000), "12.3 ms");
  assert.equal(duration(20_000_000_000), "20.0 s");
});

test("a size is said in binary units", () => {
  assert.equal(size(512), "512 B");
  assert.equal(size(22_020_096), "21.0 MB");
});

test("time that counts has tenths of a second only", () => assert.equal(elapsed(1_234_567_890), "1.2 s"));

test("shares and errors are short", () => {
  assert.equal(share(1, 3), "33.3%");
  assert.equal(share(1, 0), "0%");
  assert.equal(error(0), "0");
  assert.equal(error(1.234e-7), "1.23e-7");
});

test("ticks and counts on an axis are as short as they can be", () => {
  assert.equal(tick(0), "0");
  assert.equal(tick(20_000), "20 µs");
  assert.equal(tick(1_500_000), "1.5 ms");
  assert.equal(tick(0.5), "0.5 ns");
  assert.equal(compact(1_000), "1K");
  assert.equal(compact(197.83), "198");
  assert.equal(compact(2_500_000), "2.5M");
});
