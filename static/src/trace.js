/** What speedscope can draw of a trace: complete events of one thread each. A trace as torch writes it does not load. */

/** @typedef {{ph: "X", name: string, ts: number, dur: number, pid: number, tid: number}} Complete */

/** @param {any} one @returns {one is Complete} */
function complete(one) {
  const numbers = Number.isInteger(one?.pid) && Number.isInteger(one.tid) && Number.isFinite(one.ts);
  return numbers && one.ph === "X" && typeof one.name === "string" && one.dur >= 0;
}

/** @param {string} text of a file that a snippet may have written @returns {Complete[]} */
export function completeEvents(text) {
  const trace = JSON.parse(text);
  const events = Array.isArray(trace) ? trace : trace?.traceEvents;
  if (!Array.isArray(events)) return [];
  return events.filter(complete).map(({ name, ts, dur, pid, tid }) => ({ ph: "X", name, ts, dur, pid, tid }));
}
