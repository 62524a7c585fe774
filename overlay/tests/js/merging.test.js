import assert from "node:assert/strict";
import { test } from "node:test";
import { Alert, join } from "../../static/overlay/merging.js";

let number = 0;
const next = () => ++number;
const gift = (more = {}) => ({
  id: `gift-${next()}`,
  event_id: number,
  gift: "pebble",
  kind: "small",
  handle: "alice",
  coins: 1,
  quantity: 1,
  ...more,
});
const others = (count) => Array.from({ length: count }, (_, at) => gift({ handle: `fan-${at}` }));

function waiting(...gifts) {
  const line = [];
  for (const one of gifts) join(line, one);
  return line;
}

test("presses of one combo are one alert", () => {
  const line = waiting(gift({ combo: "a" }), gift({ combo: "a" }), gift({ combo: "b" }));
  assert.deepEqual(
    line.map(({ gifts }) => gifts.size),
    [2, 1],
  );
});

test("the same gift of the same person joins, another person's does not", () => {
  const line = waiting(gift(), gift(), gift({ handle: "carol" }), gift({ gift: "matchlight" }));
  assert.deepEqual(
    line.map(({ gifts }) => gifts.size),
    [2, 1, 1],
  );
});

test("gifts without a name do not join each other", () => {
  assert.equal(waiting(gift({ handle: null }), gift({ handle: null })).length, 2);
});

test("a gift with words of its own, or a large one, stands alone", () => {
  assert.equal(waiting(gift(), gift({ message: "hello" })).length, 2);
  assert.equal(waiting(gift({ kind: "large" }), gift({ kind: "large" })).length, 2);
});

test("a test and a repeated alert take nothing in", () => {
  assert.equal(new Alert(gift({ test: true })).continues(gift()), false);
  assert.equal(new Alert(gift(), { again: 9 }).continues(gift()), false);
});

test("in a rush small gifts share an alert, and large ones later than that", () => {
  const line = waiting(...others(6), gift(), gift({ handle: "carol" }));
  assert.equal(line.length, 7);
  assert.deepEqual([line[6].crowd, line[6].gifts.size], ["rush", 2]);
  join(line, gift({ kind: "full", handle: "dana" }));
  assert.equal(line.length, 8);
  assert.equal(line[7].crowd, false);
  const long = others(12).map((one) => new Alert(one));
  join(long, gift({ kind: "full" }));
  assert.equal(long[12].crowd, "rush");
});

test("gifts that waited too long share an alert, apart from a rush", () => {
  const line = waiting(...others(6), gift());
  join(line, gift({ handle: "carol" }), { old: true });
  join(line, gift({ handle: "dana" }), { old: true });
  assert.deepEqual(
    line.slice(6).map(({ crowd, gifts }) => [crowd, gifts.size]),
    [
      ["rush", 1],
      ["away", 2],
    ],
  );
});

test("an alert plays its dearest gift and says the first words", () => {
  const alert = new Alert(gift({ combo: "a" }));
  join([alert], gift({ combo: "a", coins: 50, message: "hello" }));
  join([alert], gift({ combo: "a", coins: 2, message: "later" }));
  assert.equal(alert.star.coins, 50);
  assert.equal(alert.message, "hello");
});

test("an alert of many reads no words aloud", () => {
  assert.equal(new Alert(gift({ message: "hello" }), { crowd: "rush" }).message, "");
});

test("an alert holds its gifts' events back, a repeated one only what asked for it", () => {
  const [first, second] = [gift({ combo: "a" }), gift({ combo: "a" })];
  const alert = new Alert(first);
  join([alert], second);
  assert.deepEqual(alert.events, [first.event_id, second.event_id]);
  assert.deepEqual(new Alert(first, { again: 99 }).events, [99]);
});
