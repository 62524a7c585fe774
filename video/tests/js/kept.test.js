import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { beginsStill, chosen, keep } from "../../static/video/kept.js";

const first = { muted: true, volume: 1, still: undefined, captions: true, quality: "auto" };

beforeEach(() => localStorage.clear());

test("sound is off until it is wanted, and stays as it was chosen", () => {
  assert.deepEqual(chosen(), first);
  keep({ muted: false, volume: 0.4 });
  assert.deepEqual(chosen(), { ...first, muted: false, volume: 0.4 });
  keep({ still: true });
  assert.deepEqual(chosen(), { ...first, muted: false, volume: 0.4, still: true });
  keep({ captions: false, quality: "small" });
  assert.deepEqual([chosen().captions, chosen().quality], [false, "small"]);
});

test("what makes no sense is not taken", () => {
  for (const kept of [
    "{",
    "null",
    "7",
    '{"muted":"no","volume":9,"still":1,"captions":0,"quality":"4K"}',
  ]) {
    localStorage.setItem("watching", kept);
    assert.deepEqual(chosen(), first, kept);
  }
});

test("a browser that keeps nothing plays on", (context) => {
  const refuse = () => {
    throw new DOMException("no", "SecurityError");
  };
  context.mock.method(localStorage, "getItem", refuse);
  context.mock.method(localStorage, "setItem", refuse);
  keep({ muted: false });
  assert.deepEqual(chosen(), first);
});

test("a browser that saves data begins with a still picture, unless video was chosen", () => {
  assert.equal(beginsStill({ saveData: true }), true);
  assert.equal(beginsStill(undefined), false);
  keep({ still: false });
  assert.equal(beginsStill({ saveData: true }), false);
  keep({ still: true });
  assert.equal(beginsStill(undefined), true);
});
