// The servers whose video a viewer chose to load.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { forget, isKept, keep } from "../../static/video/servers.js";

/** @type {Map<string, string>} */
let stored;
beforeEach(() => {
  stored = new Map();
  globalThis.localStorage = /** @type {any} */ ({
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, value) => stored.set(name, value),
  });
});

test("a choice holds for its server alone, until it is undone", () => {
  assert.equal(isKept("a.example"), false);
  keep("a.example");
  keep("a.example");
  assert.equal(isKept("a.example"), true);
  assert.equal(isKept("b.example"), false);
  assert.equal(isKept(""), false);
  forget("a.example");
  assert.equal(isKept("a.example"), false);
});

test("of very many the oldest are asked for again", () => {
  for (let number = 0; number < 60; number++) keep(`${number}.example`);
  assert.equal(isKept("59.example"), true);
  assert.equal(isKept("0.example"), false);
});

test("what is kept and makes no sense counts as no choice", () => {
  for (const text of ["{", "null", "1", '{"a": 1}', '[1, null, "b.example"]']) {
    stored.set("servers", text);
    assert.equal(isKept("a.example"), false);
  }
  assert.equal(isKept("b.example"), true);
});

test("a browser that keeps nothing goes on without", () => {
  globalThis.localStorage = /** @type {any} */ ({
    getItem() {
      throw new Error("refused");
    },
    setItem() {
      throw new Error("refused");
    },
  });
  keep("a.example");
  assert.equal(isKept("a.example"), false);
});
