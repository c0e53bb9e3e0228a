/** The words of the page, in the reader's language; the server writes them into the page (templates/_strings.html). */

/** @type {Record<string, string>} */
let words = {};

/** @param {Record<string, string>} dictionary */
export function setWords(dictionary) {
  words = dictionary;
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The word for something that a server may name freely: ours when we have one, else its own. @param {string} prefix @param {string} name */
export function named(prefix, name) {
  return words[`${prefix}.${name}`] ?? name.replaceAll("_", " ");
}

/** A number of things; the words for one are apart from those for others. @param {string} key @param {number} n */
export const plural = (key, n) => t(n === 1 ? `${key}.one` : key, { n: n.toLocaleString("en-US") });

/** @param {string} key */
export const has = (key) => key in words;
