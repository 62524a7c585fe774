import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { element, settled } from "../../../giftplatform/tests/js/browser.js";
import { Director } from "../../static/gifts/stage/director.js";
import { phrasesOf } from "../../static/gifts/stage/phrases.js";

const NOW = 1_000_000_000;

class Play {
  ended = "";
  said = [];
  presses = 1;

  constructor(gift, how) {
    Object.assign(this, { gift, how });
    this.done = new Promise((over) => {
      this.over = over;
    });
  }
  stop(why) {
    this.ended ||= why;
    this.over(why);
  }
  say = (gift) => this.said.push(gift);
  again = (gift) => (this.presses += gift.quantity);
  fewer = (quantity) => (this.presses -= quantity);
  hideMessage = (gift) => this.said.push(gift);
}

class Stage {
  element = element({}, { announcer: "off" });
  words = phrasesOf(element());
  played = [];
  undone = [];
  address = (path) => path;
  layer = () => element();
  look = (gift) => ({ ...gift, who: gift.from ?? "Somebody", what: gift.name });
  meet() {}
  setCalm() {}
  stop() {
    for (const one of this.played) one.stop("stopped");
  }
  undo = (id, { keep }) => this.undone.push([id, keep]);
  play(gift, how) {
    const play = new Play(gift, how);
    this.played.push(play);
    return play;
  }
}

let stage;
let director;
let number = 0;

const next = () => `gift-${++number}`;
const gift = (more = {}) => ({
  id: next(),
  gift: "pebble",
  name: "Pebble",
  kind: "sticker",
  art: "pebble.svg",
  coins: 1,
  quantity: 1,
  from: "Alice",
  handle: "alice",
  at: new Date().toISOString(),
  ...more,
});
const fan = (at, more = {}) => gift({ from: `Fan ${at}`, handle: `fan-${at}`, ...more });
const frame = (at, more = {}) => fan(at, { gift: "raft", name: "Raft", kind: "medium", ...more });
const running = () => stage.played.filter((play) => !play.ended);

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOW });
  document.hidden = false;
  stage = new Stage();
  director = new Director(stage);
});
afterEach(() => mock.timers.reset());

test("a gift that comes twice is played once", () => {
  const one = gift();
  director.gift(one);
  director.gift(one);
  assert.equal(stage.played.length, 1);
  assert.equal(stage.played[0].presses, 1);
});

test("another press goes on with the scene that plays", () => {
  director.gift(gift({ combo: "a" }));
  director.gift(gift({ combo: "a" }));
  assert.equal(stage.played.length, 1);
  assert.equal(stage.played[0].presses, 2);
});

test("of small gifts only so many play at once, fewer in a rush", () => {
  for (let at = 0; at < 5; at += 1) director.gift(fan(at, { kind: "small" }));
  assert.equal(stage.played.length, 3);
  for (const play of stage.played) play.stop("played");
  for (let at = 5; at < 22; at += 1) director.gift(fan(at, { kind: "sticker" }));
  stage.played.splice(0);
  director.playing.clear();
  for (let at = 22; at < 30; at += 1) director.gift(fan(at, { kind: "sticker" }));
  assert.equal(stage.played.length, 2);
});

test("scenes get lean when many come within a second, and rich again after it", () => {
  for (let at = 0; at < 6; at += 1) director.gift(fan(at));
  assert.equal(director.lean(), false);
  director.gift(fan(6));
  assert.equal(director.lean(), true);
  mock.timers.tick(1_001);
  assert.equal(director.lean(), false);
});

test("larger gifts wait for each other", async () => {
  director.gift(frame(1));
  director.gift(frame(2));
  assert.deepEqual(
    stage.played.map(({ gift: played }) => played.from),
    ["Fan 1"],
  );
  stage.played[0].stop("played");
  await settled();
  assert.equal(stage.played[1].gift.from, "Fan 2");
});

test("the same gift again joins what waits; when many wait, so does everybody's", async () => {
  director.gift(frame(0));
  director.gift(frame(1));
  for (const at of [1, 2, 3, 4]) director.gift(frame(at, { quantity: 3 }));
  stage.played[0].stop("played");
  await settled();
  assert.equal(stage.played[1].gift.quantity, 4);
  stage.played[1].stop("played");
  await settled();
  stage.played[2].stop("played");
  await settled();
  assert.equal(stage.played[3].gift.quantity, 6);
  assert.match(stage.played[3].gift.who, /Fan 3 and 1 more/);
});

test("what is replayed from long ago is not shown", () => {
  director.gift(gift({ at: new Date(NOW - 20_001).toISOString() }));
  assert.equal(stage.played.length, 0);
  director.gift(gift({ at: new Date(NOW - 19_999).toISOString() }));
  assert.equal(stage.played.length, 1);
});

test("a gift that waits and is taken back is never played", async () => {
  director.gift(frame(1));
  const wrong = frame(2);
  director.gift(wrong);
  director.undo(wrong.id);
  stage.played[0].stop("played");
  await settled();
  assert.equal(stage.played.length, 1);
  assert.deepEqual(stage.undone, [[wrong.id, false]]);
});

test("a scene of several goes on when one of them is taken back", async () => {
  director.gift(frame(0));
  const [one, two] = [frame(1), frame(1)];
  director.gift(one);
  director.gift(two);
  stage.played[0].stop("played");
  await settled();
  director.undo(one.id);
  assert.equal(stage.played[1].ended, "");
  assert.equal(stage.played[1].said.at(-1).quantity, 1);
  director.undo(two.id);
  assert.equal(stage.played[1].ended, "undone");
  assert.deepEqual(stage.undone, [
    [one.id, true],
    [two.id, false],
  ]);
});

test("of a combo one press less is one press less; none ends it", () => {
  const [one, two] = [gift({ combo: "a" }), gift({ combo: "a" })];
  director.gift(one);
  director.gift(two);
  director.undo(one.id);
  director.undo(one.id);
  assert.deepEqual([stage.played[0].presses, stage.played[0].ended], [1, ""]);
  assert.deepEqual(stage.undone, [[one.id, true]]);
  director.undo(two.id);
  assert.equal(stage.played[0].ended, "undone");
});

test("a combo whose line has gone loses what is taken back, not all", () => {
  const clock = mock.method(performance, "now", () => Date.now());
  const [one, two] = [gift({ combo: "a", quantity: 3 }), gift({ combo: "a", quantity: 2 })];
  director.gift(one);
  director.gift(two);
  for (const ms of [100, 5_000]) mock.timers.tick(ms);
  clock.mock.restore();
  assert.equal(director.comboLines.lines.size, 0);
  director.undo(two.id);
  assert.deepEqual([stage.played[0].presses, stage.played[0].ended], [1, ""]);
});

test("words that were taken away are not said by what waits, nor by what plays", async () => {
  const [plays, waits] = [frame(1, { message: "rude" }), frame(2, { message: "ruder" })];
  director.gift(plays);
  director.gift(waits);
  director.hideMessage(plays.id);
  director.hideMessage(waits.id);
  assert.equal(stage.played[0].said.at(-1).message, "");
  stage.played[0].stop("played");
  await settled();
  assert.equal(stage.played[1].gift.message, "");
});

test("in a hidden tab gifts are counted, not played", () => {
  director.gift(frame(1));
  director.gift(frame(2));
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  director.gift(gift({ quantity: 3 }));
  assert.deepEqual(running(), []);
  assert.equal(
    [...director.comboLines.away.values()].reduce((sum, one) => sum + one, 0),
    4,
  );
});

test("a machine that is behind plays no small gifts, and counts them", () => {
  director.gift(gift());
  director.governor.change(2);
  director.governor.level = 2;
  assert.equal(stage.played[0].ended, "stopped");
  director.gift(fan(1));
  assert.equal(stage.played.length, 1);
  assert.equal(director.comboLines.lines.size, 2);
});
