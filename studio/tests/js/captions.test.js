import assert from "node:assert/strict";
import { test } from "node:test";
import { Listener, linesOf, Settled } from "../../static/studio/captions.js";

const open = (text) => [{ text, final: false }];
const final = (text) => [{ text, final: true }];
const texts = (lines) => lines.map(({ text }) => text);

test("what may still change is not given out, what is final is", () => {
  const settled = new Settled();
  assert.deepEqual(settled.hear(open("good"), 0), []);
  assert.deepEqual(settled.hear(open("good evening everybody"), 900), []);
  assert.deepEqual(settled.hear(final("good evening everybody"), 1_500), [
    { text: "good evening everybody", since: 0 },
  ]);
});

test("a long sentence comes in parts, each word once", () => {
  const settled = new Settled();
  const said = "tonight we play the songs that were written on the water long ago";
  const words = said.split(" ");
  const given = [];
  for (let count = 1; count <= words.length; count += 1)
    given.push(...settled.hear(open(words.slice(0, count).join(" ")), count * 300));
  given.push(...settled.hear(final(said), 4_500));
  assert.ok(given.length > 1);
  assert.equal(texts(given).join(" "), said);
  assert.deepEqual(
    given.map(({ since }) => since),
    given.map(({ since }) => since).sort((one, other) => one - other),
  );
});

test("the next sentence begins anew", () => {
  const settled = new Settled();
  settled.hear(open("one two three four five"), 0);
  settled.hear(open("one two three four five"), 3_000);
  assert.deepEqual(texts(settled.hear(final("one two three four five"), 3_500)), ["four five"]);
  assert.deepEqual(settled.hear(open("six"), 9_000), []);
  assert.deepEqual(settled.hear(final("six seven"), 9_500), [{ text: "six seven", since: 9_000 }]);
});

test("lines are short, whatever is said", () => {
  const lines = linesOf([..."the same again and again".repeat(20).split(" "), "x".repeat(300)]);
  assert.ok(lines.every((line) => line.length <= 84));
});

class Recognition {
  /** @type {Recognition[]} */
  static all = [];
  started = 0;
  aborted = 0;

  constructor() {
    Recognition.all.push(this);
  }

  start() {
    this.started += 1;
  }

  abort() {
    this.aborted += 1;
  }

  says(transcript, isFinal) {
    const result = Object.assign([{ transcript }], { isFinal });
    this.onresult({ results: [result], resultIndex: 0 });
  }
}

function stage() {
  Recognition.all = [];
  const said = [];
  const refused = [];
  const waits = [];
  const listener = new Listener({
    Recognition,
    language: "de",
    track: () => undefined,
    say: (one) => said.push(one),
    refused: (why) => refused.push(why),
    now: () => 1_000,
    later: (act, ms) => waits.push({ act, ms }),
  });
  return { listener, said, refused, waits, newest: () => Recognition.all.at(-1) };
}

test("it listens in the stream's language, and again when the browser stops by itself", () => {
  const { listener, said, waits, newest } = stage();
  listener.start();
  assert.equal(newest().lang, "de");
  newest().says("guten Abend", true);
  assert.deepEqual(said, [{ caption: "guten Abend", ago_ms: 0 }]);
  newest().onerror({ error: "no-speech" });
  newest().onend();
  waits[0].act();
  assert.equal(Recognition.all.length, 2);
});

test("switched off it does not begin again", () => {
  const { listener, waits, newest } = stage();
  listener.start();
  listener.stop();
  assert.equal(newest().aborted, 1);
  newest().onend();
  waits[0].act();
  assert.equal(Recognition.all.length, 1);
});

test("a browser that may not listen is not asked again", () => {
  const { listener, refused, waits, newest } = stage();
  listener.start();
  newest().onerror({ error: "service-not-allowed" });
  newest().onend();
  waits[0].act();
  assert.deepEqual(refused, ["service-not-allowed"]);
  assert.equal(Recognition.all.length, 1);
});
