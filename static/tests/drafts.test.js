import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts } from "../src/drafts.js";

/** What a browser's Storage does, in memory. */
class Memory {
  #items = new Map();
  get length() {
    return this.#items.size;
  }
  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }
  getItem(key) {
    return this.#items.get(key) ?? null;
  }
  setItem(key, value) {
    this.#items.set(key, String(value));
  }
  removeItem(key) {
    this.#items.delete(key);
  }
}

const draft = (source, at) => ({
  source,
  at,
  snippet: null,
  mode: "imperative",
  device: "cpu",
  stdin: null,
  options: {},
});

test("each tab has its own draft, and all are listed, the newest first", () => {
  const store = new Memory();
  new Drafts(store, "a").save(draft("one", 1));
  new Drafts(store, "b").save(draft("two", 2));
  assert.equal(new Drafts(store, "a").mine()?.source, "one");
  assert.deepEqual(
    new Drafts(store, "c").all().map((one) => one.source),
    ["two", "one"],
  );
});

test("old drafts make room, the tab's own never goes", () => {
  const store = new Memory();
  for (let at = 0; at < 20; at++) new Drafts(store, `tab${at}`).save(draft(String(at), at));
  const mine = new Drafts(store, "mine");
  mine.save(draft("old", -1));
  assert.equal(mine.mine()?.source, "old");
  assert.equal(mine.all().length, 13);
});

test("a spoilt draft is no draft", () => {
  const store = new Memory();
  store.setItem("draft:a", "{");
  assert.equal(new Drafts(store, "a").mine(), null);
});
