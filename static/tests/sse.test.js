import assert from "node:assert/strict";
import { test } from "node:test";
import { messages, parse } from "../src/sse.js";

const bytes = (/** @type {string[]} */ ...pieces) =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces)
        controller.enqueue(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
      controller.close();
    },
  });

async function all(stream) {
  const found = [];
  for await (const message of messages(stream)) found.push(message);
  return found;
}

test("complete messages come out, and the rest waits", () => {
  const [found, rest] = parse('id: 1\nevent: output\ndata: {"a":1}\n\nid: 2\nda');
  assert.deepEqual(found, [{ id: "1", event: "output", data: '{"a":1}' }]);
  assert.equal(rest, "id: 2\nda");
});

test("comments that keep a connection alive are no messages", () =>
  assert.deepEqual(parse(": still here\n\n"), [[], ""]));

test("several data lines are one text", () => assert.equal(parse("data: a\ndata: b\n\n")[0][0]?.data, "a\nb"));

test("a message cut anywhere, within a character too, arrives whole", async () => {
  const whole = new TextEncoder().encode("id: 1\r\ndata: 无torchscript\r\n\r\n");
  for (let cut = 1; cut < whole.length; cut++) {
    const found = await all(bytes(whole.slice(0, cut), whole.slice(cut)));
    assert.deepEqual(found, [{ id: "1", event: "message", data: "无torchscript" }], `cut at ${cut}`);
  }
});
