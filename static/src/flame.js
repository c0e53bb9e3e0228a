/** Entry of the flame chart's page: fetches the trace, leaves out what cannot be drawn, and gives it to speedscope. */

import { find } from "./dom.js";
import { completeEvents } from "./trace.js";

const page = find("#flame");

/** @param {string} name of what to say; the words are in the page */
function say(name) {
  page.dataset.state = name;
  page.textContent = page.getAttribute(`data-${name}`);
}

/** @param {string} text */
function draw(text) {
  const events = completeEvents(text);
  if (!events.length) return say("empty");
  const url = URL.createObjectURL(new Blob([JSON.stringify({ traceEvents: events })], { type: "application/json" }));
  const hash = new URLSearchParams({ profileURL: url, title: page.dataset.title ?? "" });
  history.replaceState(null, "", `#${hash}`);
  const script = document.createElement("script");
  script.src = page.dataset.speedscope ?? "";
  page.remove();
  document.body.append(script);
}

async function open() {
  try {
    const answer = await fetch(page.dataset.trace ?? "");
    if (!answer.ok) return say("gone");
    draw(await answer.text());
  } catch (error) {
    // Cut off on the way, or no JSON: whatever a snippet calls a trace.
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    say(error instanceof TypeError ? "gone" : "empty");
  }
}

await open();
