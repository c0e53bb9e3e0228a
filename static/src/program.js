/** The program and how it is to be run, read from the form and written into it. */

/** @typedef {import("./types").Program} Program */

/** @param {HTMLFormElement} form @param {string} source @returns {Program} */
export function readProgram(form, source) {
  const data = new FormData(form);
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
  /** @type {import("./types").Options} */
  const options = {};
  if (text("target")) options.target = text("target");
  if (text("inputs")) options.inputs = text("inputs");
  if (data.has("compilers")) options.compilers = data.getAll("compilers").map(String);
  if (text("threads")) options.threads = Number(text("threads"));
  if (text("timeout_s")) options.timeout_s = Number(text("timeout_s"));
  const mode = /** @type {import("./types").Mode} */ (text("mode"));
  return { source, mode, device: text("device"), stdin: String(data.get("stdin") ?? "") || null, options };
}

/** Everything but the source. @param {HTMLFormElement} form @param {Omit<Program, "source">} program */
export function writeProgram(form, { mode, device, stdin, options }) {
  setRadio(form, mode);
  set(form, "device", device);
  set(form, "stdin", stdin ?? "");
  set(form, "target", options?.target ?? "");
  set(form, "inputs", options?.inputs ?? "");
  set(form, "threads", String(options?.threads ?? ""));
  set(form, "timeout_s", String(options?.timeout_s ?? ""));
  for (const box of form.querySelectorAll("[name=compilers]")) {
    if (box instanceof HTMLInputElement) box.checked = options?.compilers?.includes(box.value) ?? false;
  }
}

/** @param {HTMLFormElement} form @param {string} mode */
export function setRadio(form, mode) {
  for (const radio of form.querySelectorAll("[name=mode]")) {
    if (radio instanceof HTMLInputElement) radio.checked = radio.value === mode;
  }
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function set(form, name, value) {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value)) return;
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) {
    field.value = value;
  }
}

/** A program as one string, whatever was left out or null. @param {Program} program */
export function canonical({ source, mode, device, stdin, options }) {
  const given = Object.entries(options ?? {}).filter(([, value]) => value != null);
  return JSON.stringify([source, mode, device, stdin || null, given.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** @param {Program} one @param {Program} other */
export const same = (one, other) => canonical(one) === canonical(other);
