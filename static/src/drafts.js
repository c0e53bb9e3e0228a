/** What was typed and not shared: kept per tab, so that neither a reload nor a closed tab loses it. */

/** @typedef {import("./types").Draft} Draft */

const PREFIX = "draft:";
const KEEP = 12;

export class Drafts {
  /**
   * @param {Storage} store where drafts lie, for all tabs
   * @param {string} tab the name of this one
   */
  constructor(store, tab) {
    this.store = store;
    this.key = PREFIX + tab;
  }

  /** @param {Draft} draft */
  save(draft) {
    try {
      this.store.setItem(this.key, JSON.stringify(draft));
    } catch {
      // The store is full or forbidden: older drafts make room once, then typing goes on without one.
      this.#prune(1);
    }
    this.#prune(KEEP);
  }

  /** The draft of this tab. @returns {Draft | null} */
  mine() {
    return this.#read(this.key);
  }

  /** All drafts, the newest first. @returns {Draft[]} */
  all() {
    return this.#entries().map(([, draft]) => draft);
  }

  /** @param {number} keep */
  #prune(keep) {
    for (const [key] of this.#entries().slice(keep)) {
      if (key !== this.key) this.store.removeItem(key);
    }
  }

  /** @returns {[string, Draft][]} */
  #entries() {
    /** @type {[string, Draft][]} */
    const found = [];
    for (let index = 0; index < this.store.length; index++) {
      const key = this.store.key(index);
      const draft = key?.startsWith(PREFIX) ? this.#read(key) : null;
      if (key && draft) found.push([key, draft]);
    }
    return found.sort(([, a], [, b]) => b.at - a.at);
  }

  /** @param {string} key @returns {Draft | null} */
  #read(key) {
    try {
      return JSON.parse(this.store.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }
}

/** A tab keeps its name over reloads only: a duplicated tab must not write over the first one's draft. */
export function tabName() {
  const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const same = entry?.type === "reload" || entry?.type === "back_forward";
  const name = (same && sessionStorage.getItem("tab")) || Math.random().toString(36).slice(2);
  sessionStorage.setItem("tab", name);
  return name;
}
