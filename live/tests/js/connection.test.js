import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import "../../../giftplatform/tests/js/browser.js";
import { Connection } from "../../static/live/connection.js";

const NOW = 1_000_000_000;
const BEAT_MS = 4_000;

/** A stream of events as the browser has it, to which the test plays the server. */
class Source extends EventTarget {
  static CLOSED = 2;
  /** @type {Source[]} */
  static all = [];
  readyState = 0;

  constructor(address) {
    super();
    this.address = address;
    Source.all.push(this);
  }

  stands() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
    this.tells("beat", { every_ms: BEAT_MS });
  }

  tells(kind, data, id = "") {
    const event = Object.assign(new Event(kind), { data: JSON.stringify(data), lastEventId: id });
    this.dispatchEvent(event);
  }

  close() {
    this.readyState = Source.CLOSED;
  }
}
globalThis.EventSource = Source;

let told;
let cursor;
let refreshed;
let connection;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: NOW });
  Source.all = [];
  told = [];
  cursor = "";
  refreshed = 0;
  connection = new Connection({
    address: () => `/live/events/?after=${cursor}`,
    refresh: async () => {
      refreshed += 1;
    },
    on: {
      message: ({ id }) => {
        cursor = id;
      },
      connected: () => told.push("connected"),
      cut: () => told.push("cut"),
      caughtUp: () => told.push("beat"),
    },
  });
});
afterEach(() => {
  connection.close();
  mock.timers.reset();
});

const open = () => Source.all.filter(({ readyState }) => readyState !== Source.CLOSED);
const later = (ms) => {
  for (let at = 0; at < ms; at += 500) mock.timers.tick(500);
};

test("a quiet line with its beats stays open", () => {
  open()[0].stands();
  for (let beat = 0; beat < 20; beat += 1) {
    later(BEAT_MS);
    open()[0].tells("beat", { every_ms: BEAT_MS });
  }
  assert.equal(Source.all.length, 1);
  assert.ok(!told.includes("cut"));
});

test("a dead line is noticed, and another one begins where it ended", () => {
  open()[0].stands();
  open()[0].tells("chat", {}, "17");
  later(11_000);
  assert.equal(told.at(-1), "cut");
  assert.equal(open().length, 1);
  assert.equal(open()[0].address, "/live/events/?after=17");
  open()[0].stands();
  assert.deepEqual(told.slice(-2), ["connected", "beat"]);
});

test("a line that never stands is tried again", () => {
  later(11_000);
  assert.equal(Source.all.length, 2);
  later(11_000);
  assert.equal(Source.all.length, 3);
  assert.equal(open().length, 1);
});

test("how often beats come is what the server says", () => {
  open()[0].stands();
  open()[0].tells("beat", { every_ms: 1_000 });
  later(4_000);
  assert.equal(told.at(-1), "cut");
});

test("after a sleep the first tick opens it anew", () => {
  open()[0].stands();
  mock.timers.setTime(NOW + 3_600_000);
  later(1_000);
  assert.equal(told.at(-1), "cut");
  assert.equal(open().length, 1);
  assert.notEqual(open()[0], Source.all[0]);
});

test("a short interruption is not worth a word, a longer one is", () => {
  open()[0].stands();
  open()[0].readyState = 0; // the browser tries again by itself
  open()[0].dispatchEvent(new Event("error"));
  later(2_000);
  open()[0].stands();
  later(2_000);
  assert.ok(!told.includes("cut"));
  open()[0].dispatchEvent(new Event("error"));
  later(3_500);
  assert.ok(told.includes("cut"));
});

test("refused, it asks where to listen before it comes back", async () => {
  open()[0].close();
  Source.all[0].dispatchEvent(new Event("error"));
  later(1_000);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  assert.equal(refreshed, 1);
  assert.equal(Source.all.length, 2);
});

test("what is only a state has no id, whatever came before", () => {
  open()[0].stands();
  open()[0].tells("chat", {}, "17");
  open()[0].tells("viewers", { viewers: 3 }, "17");
  assert.equal(cursor, "");
});

test("closed, it stays closed", () => {
  open()[0].stands();
  connection.close();
  later(30_000);
  connection.open();
  assert.equal(open().length, 0);
  assert.equal(Source.all.length, 1);
});
