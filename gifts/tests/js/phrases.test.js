// A gift in words says for whom it is, where a guest of the stream gets it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { named, toWhom } from "../../static/gifts/stage/phrases.js";

const WORDS = {
  a: "a {gift}",
  an: "an {gift}",
  some: "{gift}",
  several: "{count} × {gift}",
  toGuest: "{gift} to {to}",
  guest: "a guest",
};

test("a gift to the creator is only itself", () => {
  assert.equal(named(WORDS, { name: "Moss Frog", quantity: 1 }), "a Moss Frog");
  assert.equal(toWhom(WORDS, "Moss Frog", {}), "Moss Frog");
});

test("a gift to a guest names them, however many there are", () => {
  const nora = { to: "Nora", to_handle: "nora" };
  assert.equal(named(WORDS, { name: "Moss Frog", quantity: 1, ...nora }), "a Moss Frog to Nora");
  assert.equal(named(WORDS, { name: "Pebble", quantity: 5, ...nora }), "5 × Pebble to Nora");
});

test("a guest whose name is not shown is a guest", () => {
  const nobody = { to: null, to_handle: "herring" };
  assert.equal(toWhom(WORDS, "Moss Frog", nobody), "Moss Frog to a guest");
});
