import assert from "node:assert/strict";
import { test } from "node:test";
import { difference } from "../src/diff.js";

const sets = (left, right) => {
  const found = difference([...left], [...right]);
  return found && [[...found.left], [...found.right]];
};

test("equal texts do not differ", () => assert.deepEqual(sets("abc", "abc"), [[], []]));

test("what was taken away stands left, what was added stands right", () => {
  assert.deepEqual(sets("abcd", "bxd"), [[1, 3], [2]]);
  assert.deepEqual(sets("", "ab"), [[], [1, 2]]);
  assert.deepEqual(sets("ab", ""), [[1, 2], []]);
});

test("texts too long to compare in good time are not", () => {
  const long = Array.from({ length: 3000 }, (_, index) => String(index));
  assert.equal(difference(long, long), null);
});
