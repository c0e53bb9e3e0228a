/** The HTTP API, as far as the page needs it. */

import { messages } from "./sse.js";

/** @typedef {import("./types").Problem} Problem */
/** @typedef {import("./types").Program} Program */
/** @typedef {import("./types").RunEvent} RunEvent */
/** @typedef {{id: number, event: RunEvent}} Numbered */

const RUNS = "/api/v1/runs";
const STREAM = { Accept: "text/event-stream" };
/** As the page needs it: code as HTML, and what the pipeline says in the language of this page. */
const shown = () => `html=1&lang=${document.documentElement.lang}`;

/** An answer of the server that is not the one asked for. */
export class Refused extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

/** @param {Response} response @returns {Promise<Refused>} */
async function refused(response) {
  const retryAfter = Number(response.headers.get("Retry-After")) || undefined;
  const told = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
  return new Refused({ title: response.statusText, detail: "", ...told, status: response.status, retryAfter });
}

/** @param {string} url @param {RequestInit} options */
async function ask(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw await refused(response);
  return response;
}

/** @param {unknown} body @param {HeadersInit} [headers] @returns {RequestInit} */
const post = (body, headers = {}) => ({
  method: "POST",
  headers: { "Content-Type": "application/json", ...headers },
  body: JSON.stringify(body),
});

/** @param {Response} response @returns {AsyncGenerator<Numbered>} */
async function* events(response) {
  if (!response.body) return;
  for await (const { data } of messages(response.body)) {
    const event = JSON.parse(data);
    yield { id: event.id, event };
  }
}

/** @param {Program} program @param {AbortSignal} signal */
export async function* run(program, signal) {
  yield* events(await ask(`${RUNS}?${shown()}`, { ...post(program, STREAM), signal }));
}

/** @param {string} runId @param {number} after @param {AbortSignal} signal */
export async function* resume(runId, after, signal) {
  const headers = { ...STREAM, "Last-Event-ID": String(after) };
  yield* events(await ask(`${RUNS}/${runId}/events?${shown()}`, { headers, signal }));
}

/** @param {string} runId */
export async function stop(runId) {
  await ask(`${RUNS}/${runId}`, { method: "DELETE" });
}

/**
 * @param {Program & {layout: import("./types").Layout, run_id?: string}} snippet
 * @returns {Promise<{id: string, url: string}>}
 */
export async function share(snippet) {
  return (await ask("/api/v1/snippets", post(snippet))).json();
}
