import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { settled } from "../../../giftplatform/tests/js/browser.js";
import { Cursor } from "../../static/overlay/cursor.js";

const NOW = 1_000_000_000;
let reports;
let waits; // the least event that still waits to be shown
let online;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: NOW });
  localStorage.clear();
  reports = [];
  waits = Infinity;
  online = true;
  globalThis.fetch = async (_address, { body }) => {
    reports.push(JSON.parse(body));
    return { ok: online };
  };
});
afterEach(() => mock.timers.reset());

function cursor(begin = { to: 10, done: [] }, options = {}) {
  const made = new Cursor({ key: "slot", address: "/played/", lowest: () => waits, ...options });
  made.begin(begin);
  return made;
}
const kept = (to, at) => localStorage.setItem("slot", JSON.stringify({ to, done: [], at }));

async function later(ms) {
  for (let at = 0; at < ms; at += 500) {
    mock.timers.tick(500);
    await settled();
  }
}

test("what is done is known, and what is not yet is not", () => {
  const one = cursor();
  one.mark(12, 14);
  assert.deepEqual([9, 10, 11, 12, 13, 14].map(one.has), [true, true, false, true, false, true]);
});

test("it moves on only when no earlier event can come any more", async () => {
  const one = cursor();
  one.receive(12);
  one.mark(12);
  await later(12_000);
  assert.equal(one.to, 10);
  await later(1_000);
  assert.equal(one.to, 12);
  assert.equal(one.done.size, 0);
});

test("it never passes what still waits to be shown", async () => {
  const one = cursor();
  for (const id of [11, 12, 13]) one.receive(id);
  one.mark(11, 13);
  waits = 12;
  await later(20_000);
  assert.equal(one.to, 11);
  assert.ok(one.has(13));
  waits = Infinity;
  await later(1_000);
  assert.equal(one.to, 13);
});

test("after a cut everything it received counts as new", async () => {
  const one = cursor();
  one.receive(12);
  await later(11_000);
  one.rejoined();
  await later(11_000);
  assert.equal(one.to, 10);
  await later(3_000);
  assert.equal(one.to, 12);
});

test("after a reload it goes on where this page was, even behind the server", () => {
  kept(7, NOW - 60_000);
  assert.equal(cursor({ to: 10, done: [] }).to, 7);
});

test("after a long time away the cursor that is further counts", () => {
  kept(7, NOW - 16 * 60_000);
  assert.equal(cursor({ to: 10, done: [11] }).to, 10);
  kept(20, NOW - 16 * 60_000);
  assert.equal(cursor({ to: 10, done: [] }).to, 20);
});

test("what it kept and cannot read is no beginning", () => {
  localStorage.setItem("slot", "{broken");
  assert.equal(cursor({ to: 10, done: [] }).to, 10);
});

test("what is marked in one go is kept once", async () => {
  const one = cursor();
  await settled();
  const write = mock.method(localStorage, "setItem");
  one.mark(11);
  one.mark(12);
  await settled();
  assert.equal(write.mock.callCount(), 1);
  write.mock.restore();
});

test("the server gets a report at once, then one for what comes together", async () => {
  const one = cursor();
  await settled();
  await later(500);
  assert.equal(reports.length, 1);
  one.mark(11);
  one.mark(12);
  await later(1_000);
  assert.equal(reports.length, 1);
  await later(1_000);
  assert.deepEqual(reports.at(-1), { to: 10, done: [11, 12] });
  assert.equal(reports.length, 2);
});

test("what the server knows is reported again only now and then, as a sign of life", async () => {
  cursor();
  await later(19_000);
  assert.equal(reports.length, 1);
  await later(3_000);
  assert.equal(reports.length, 2);
});

test("what the server did not take is reported again", async () => {
  const one = cursor();
  online = false;
  await later(3_000);
  online = true;
  one.save();
  await later(3_000);
  assert.deepEqual(reports.at(-1), { to: 10, done: [] });
  assert.equal(reports.length, 2);
});

test("a preview reports nothing and keeps nothing", async () => {
  const one = cursor({ to: 10, done: [] }, { key: null, address: "" });
  one.mark(11);
  await later(5_000);
  assert.deepEqual(reports, []);
  assert.equal(localStorage.getItem("slot"), null);
});
