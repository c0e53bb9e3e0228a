/** The program and how it is to be run, read from the form and written into it. */

/** @typedef {import("./types").Program} Program */

const TEXTS = /** @type {const} */ (["target", "inputs", "backend", "compile_mode", "sweep"]);
const NUMBERS = /** @type {const} */ (["threads", "timeout_s", "min_run_ms"]);
/** Yes, no, or as torch decides. */
const CHOICES = /** @type {const} */ (["dynamic", "strict"]);
/** What is off unless asked for: off and not said are the same. */
const SWITCHES = /** @type {const} */ (["fullgraph", "profile"]);

/** @param {FormData} data @returns {import("./types").Options} */
function readOptions(data) {
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
  /** @type {import("./types").Options} */
  const options = {};
  for (const name of TEXTS) if (text(name)) options[name] = text(name);
  for (const name of NUMBERS) if (text(name)) options[name] = Number(text(name));
  for (const name of CHOICES) if (text(name)) options[name] = text(name) === "true";
  for (const name of SWITCHES) if (data.has(name)) options[name] = true;
  if (data.has("compilers")) options.compilers = data.getAll("compilers").map(String);
  return options;
}

/** @param {HTMLFormElement} form @param {string} source @returns {Program} */
export function readProgram(form, source) {
  const data = new FormData(form);
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
  const mode = /** @type {import("./types").Mode} */ (text("mode"));
  return {
    source,
    mode,
    device: text("device"),
    stdin: String(data.get("stdin") ?? "") || null,
    options: readOptions(data),
  };
}

/** Everything but the source. @param {HTMLFormElement} form @param {Omit<Program, "source">} program */
export function writeProgram(form, { mode, device, stdin, options }) {
  setRadio(form, mode);
  set(form, "device", device);
  set(form, "stdin", stdin ?? "");
  for (const name of [...TEXTS, ...NUMBERS, ...CHOICES]) set(form, name, String(options?.[name] ?? ""));
  const checked = [...(options?.compilers ?? []), ...SWITCHES.filter((name) => options?.[name])];
  for (const box of form.querySelectorAll("[type=checkbox]")) {
    if (box instanceof HTMLInputElement)
      box.checked = checked.includes(box.name === "compilers" ? box.value : box.name);
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
  const off = (/** @type {string} */ name) => SWITCHES.some((one) => one === name);
  const given = Object.entries(options ?? {}).filter(([name, value]) => value != null && (value || !off(name)));
  return JSON.stringify([source, mode, device, stdin || null, given.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** @param {Program} one @param {Program} other */
export const same = (one, other) => canonical(one) === canonical(other);
