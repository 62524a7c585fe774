import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { settled } from "../../../giftplatform/tests/js/browser.js";
import { Voice, readingTime } from "../../static/overlay/voice.js";

const TEXT = "Alice sent a Moss Frog. For the rain"; // as long as alerts are
const HOW = { language: "en", volume: 1 };
let rate;
let spoken;
let cancelled;
let said;

globalThis.SpeechSynthesisUtterance = class {
  rate = rate;

  constructor(text) {
    this.text = text;
  }
};
// Voices that speak and never say that they are done.
globalThis.speechSynthesis = {
  getVoices: () => [],
  speak: (words) => spoken.push(words),
  cancel: () => {
    cancelled += 1;
  },
};

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  [rate, spoken, cancelled, said] = [1, [], 0, 0];
});
afterEach(() => mock.timers.reset());

function say(text, voice = new Voice()) {
  voice.say(text, HOW).then(() => {
    said += 1;
  });
}

async function overAfter(ms) {
  mock.timers.tick(ms - 1);
  await settled();
  assert.equal(said, 0, "too early");
  mock.timers.tick(1);
  await settled();
  assert.equal(said, 1, "too late");
}

test("a voice that never ends is over when its text could be read", async () => {
  say(TEXT);
  await overAfter(5_000);
  assert.equal(cancelled, 2); // before it begins, and because it did not end
});

test("a slower voice has more time", async () => {
  rate = 0.5;
  say(TEXT);
  await overAfter(8_000);
});

test("a voice that says that it is done is done", async () => {
  say(TEXT);
  spoken[0].onend();
  await settled();
  assert.equal(said, 1);
  mock.timers.tick(30_000);
  assert.equal(cancelled, 1);
});

test("what is heard longer than it is written has more time", () => {
  const time = (text) => readingTime(text) - 2_000;
  assert.equal(time("a".repeat(12)), 1_000);
  assert.equal(time("1234"), 2_000);
  assert.equal(Math.round(time("🐸")), 1_083);
  assert.equal(Math.round(time("雨の歌。")), 583);
});

test("no text keeps the next alert waiting for longer than twenty seconds", () => {
  assert.equal(readingTime("a".repeat(5_000)), 20_000);
});
