/** Server-sent events out of a byte stream: what EventSource does, for a POST. */

/**
 * @typedef {{id: string, event: string, data: string}} Message
 */

/**
 * Split text into messages; what is not complete yet is the second value.
 * @param {string} text
 * @returns {[Message[], string]}
 */
export function parse(text) {
  const blocks = text.split(/\r\n\r\n|\n\n|\r\r/);
  const rest = blocks.pop() ?? "";
  return [blocks.map(message).filter((m) => m.data !== ""), rest];
}

/** @param {string} block @returns {Message} */
function message(block) {
  const found = { id: "", event: "message", data: /** @type {string[]} */ ([]) };
  for (const line of block.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") found.data.push(value);
    else if (field === "id" || field === "event") found[field] = value;
  }
  return { ...found, data: found.data.join("\n") };
}

/**
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @returns {AsyncGenerator<Message>}
 */
export async function* messages(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const [complete, left] = parse(rest + value);
      rest = left;
      yield* complete;
    }
  } finally {
    // Whoever stops listening also lets the connection go.
    await reader.cancel().catch(() => undefined);
  }
}
