/** What the server refused, in words. */

import { has, t } from "./words.js";

/** @typedef {import("./types").Problem} Problem */

/** A refusal in the reader's words; the server's own where it names fields. @param {Problem} problem */
export function problemText(problem) {
  const fields = (problem.errors ?? []).map(({ field, message, detail }) => `${field}: ${message ?? detail ?? ""}`);
  if (fields.length) return fields.join("; ");
  const key = `problem.${problem.status}`;
  if (has(key)) return t(key, { s: problem.retryAfter ?? 1, detail: problem.detail });
  return problem.detail || problem.title;
}
