/** What of a level is shown: all of it, only what comes from the program, or what is left without comments. */

/** @typedef {{linked: boolean, comments: boolean}} Filter */

/** @type {Record<string, RegExp>} */
const COMMENT = {
  python: /^\s*#/,
  triton: /^\s*#/,
  guards: /^\s*#/,
  graph: /^\s*#/,
  asm: /^\s*#/,
  cpp: /^\s*\/\//,
  "c++": /^\s*\/\//,
};

/** @param {string} language @param {string} text */
export const isComment = (language, text) => COMMENT[language.toLowerCase()]?.test(text) ?? false;

/**
 * @param {Filter} filter
 * @param {string} language
 * @returns {(number: number, text: string, linked: boolean) => boolean}
 */
export function wanted({ linked, comments }, language) {
  return (_number, text, isLinked) => (!linked || isLinked) && !(comments && isComment(language, text));
}

/**
 * Which filters would leave something out, and something in.
 * @param {string} language
 * @param {string[]} texts
 * @param {Set<number>} linked
 * @returns {Filter}
 */
export function useful(language, texts, linked) {
  const comments = texts.filter((text) => isComment(language, text)).length;
  return {
    linked: linked.size > 0 && linked.size < texts.length,
    comments: comments > 0 && comments < texts.length,
  };
}

/**
 * Lines that hold what is searched for; upper and lower case are one, unless the search has upper case itself.
 * @param {string[]} texts
 * @param {string} sought
 * @param {number[]} among
 */
export function matches(texts, sought, among) {
  if (!sought) return [];
  const exact = sought !== sought.toLowerCase();
  const text = (/** @type {number} */ number) => texts[number - 1] ?? "";
  return among.filter((number) => (exact ? text(number) : text(number).toLowerCase()).includes(sought));
}
