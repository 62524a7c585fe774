import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { element } from "../../../giftplatform/tests/js/browser.js";
import { Combo } from "../../static/gifts/tray/combo.js";

let combo;
const tile = () => element({ "[data-count]": element() });
const shown = (one) => one.querySelector("[data-count]").textContent;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const cost = (_tile, count) => `€0.0${count}`;
  combo = new Combo({ window: 3_000, words: "{count} · {money}", cost });
});
afterEach(() => mock.timers.reset());

test("presses of one gift count up as one combo", () => {
  const pebble = tile();
  const id = combo.press(pebble);
  assert.equal(shown(pebble), "");
  assert.equal(combo.press(pebble), id);
  assert.equal(shown(pebble), "×2");
});

test("another gift begins another combo and clears the first", () => {
  const [pebble, crab] = [tile(), tile()];
  const id = combo.press(pebble);
  combo.press(pebble);
  assert.notEqual(combo.press(crab), id);
  assert.equal(shown(pebble), "");
  assert.equal(shown(crab), "");
  assert.notEqual(combo.press(pebble), id);
});

test("each press gives the whole time again", () => {
  const pebble = tile();
  const id = combo.press(pebble);
  mock.timers.tick(2_999);
  assert.equal(combo.press(pebble), id);
  mock.timers.tick(2_999);
  assert.equal(combo.id, id);
  mock.timers.tick(1);
  assert.equal(combo.id, null);
});

test("when its time is over the sum stands for a moment", () => {
  const pebble = tile();
  combo.press(pebble);
  combo.press(pebble);
  mock.timers.tick(3_000);
  assert.equal(shown(pebble), "×2 · €0.02");
  mock.timers.tick(1_400);
  assert.equal(shown(pebble), "");
});

test("a single press has no sum, and neither has a combo that is cut off", () => {
  const pebble = tile();
  combo.press(pebble);
  mock.timers.tick(3_000);
  assert.equal(shown(pebble), "");
  combo.press(pebble);
  combo.press(pebble);
  combo.end();
  assert.equal(shown(pebble), "");
});

test("a combo says a sentence once, and the next one says it again", () => {
  combo.press(tile());
  assert.equal(combo.news("hello"), "hello");
  assert.equal(combo.news("hello"), "");
  assert.equal(combo.news("bye"), "bye");
  combo.press(tile());
  assert.equal(combo.news("bye"), "bye");
});
