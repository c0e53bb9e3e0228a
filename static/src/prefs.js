/** How the reader likes the page: theme and size of type, kept in the browser. */

/** @param {string} name @param {string} standard */
function read(name, standard) {
  try {
    return localStorage.getItem(`pref:${name}`) ?? standard;
  } catch {
    return standard;
  }
}

/** @param {string} name @param {string} value */
function write(name, value) {
  document.documentElement.dataset[name] = value;
  try {
    localStorage.setItem(`pref:${name}`, value);
  } catch {
    // A browser that keeps nothing still shows what was chosen, until the page is left.
  }
}

/** Connect the radios of the View menu. @param {ParentNode} menu */
export function connect(menu) {
  for (const radio of menu.querySelectorAll("[data-pref]")) {
    if (!(radio instanceof HTMLInputElement)) continue;
    const name = radio.dataset.pref ?? "";
    radio.checked = read(name, name === "theme" ? "system" : "normal") === radio.value;
    radio.addEventListener("change", () => write(name, radio.value));
  }
}

/** Large type for a room, and back. @param {ParentNode} menu */
export function togglePresentation(menu) {
  const to = document.documentElement.dataset.size === "presentation" ? "normal" : "presentation";
  const radio = menu.querySelector(`[data-pref=size][value=${to}]`);
  if (radio instanceof HTMLInputElement) radio.click();
}
