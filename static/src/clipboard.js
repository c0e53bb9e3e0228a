/** The reader's clipboard, which a page does not always get. */

/** @param {string} text @returns {Promise<boolean>} whether it is there now */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not a secure page, or not allowed: the reader copies by hand.
    return false;
  }
}
