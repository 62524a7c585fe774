import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { settled } from "../../../giftplatform/tests/js/browser.js";
import { Outbox } from "../../static/gifts/tray/outbox.js";

const PLACES = { one: "/send/", many: "/sends/", known: "/known/", most: 3, who: "alice" };
const SENT = { status: 201 };

/** A line to a server that answers when the test says so. */
class Line {
  requests = [];
  asked = [];
  known = { sent: [], balance: 7 };

  send(_addresses, presses) {
    const keys = presses.map(({ fields }) => fields.key);
    return new Promise((answer) => this.requests.push({ keys, presses, answer }));
  }

  async get(address) {
    this.asked.push(new URL(address, location.href).searchParams.getAll("key"));
    return this.known;
  }

  get last() {
    return this.requests.at(-1);
  }

  async sent() {
    const { keys, answer } = this.last;
    answer({ answers: keys.map(() => SENT), late: false });
    await settled();
  }

  async cut() {
    this.last.answer({ late: false });
    await settled();
  }
}

let line;
let events;
let outbox;

function open() {
  events = [];
  const on = new Proxy({}, { get: (_, name) => (what) => events.push([name, what]) });
  outbox = new Outbox(PLACES, on, line);
}
const news = (name) => events.filter(([what]) => what === name).map(([, what]) => what);
const press = (fields = {}) => outbox.send({ gift: "pebble", ...fields });
const kept = () => JSON.parse(sessionStorage.getItem("outbox:alice:/send/"));

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  sessionStorage.clear();
  line = new Line();
  open();
});
afterEach(() => mock.timers.reset());

test("a lone press leaves at once and is answered", async () => {
  press();
  assert.equal(line.requests.length, 1);
  await line.sent();
  assert.equal(news("answered")[0][0].fields.gift, "pebble");
  assert.deepEqual(outbox.line, []);
  assert.deepEqual(news("back"), []);
});

test("presses that come meanwhile go together, up to the most", async () => {
  press();
  for (let turn = 0; turn < 4; turn += 1) press();
  assert.equal(line.requests.length, 1);
  await line.sent();
  assert.equal(line.last.keys.length, 3);
  await line.sent();
  assert.equal(line.last.keys.length, 1);
  const all = line.requests.flatMap(({ keys }) => keys);
  assert.equal(new Set(all).size, 5);
});

test("a press that met no network is sent again with its key", async () => {
  press();
  const [key] = line.last.keys;
  await line.cut();
  assert.deepEqual(news("lost"), [1]);
  mock.timers.tick(499);
  await settled();
  assert.equal(line.requests.length, 1);
  mock.timers.tick(1);
  await settled();
  assert.deepEqual(line.last.keys, [key]);
  await line.sent();
  assert.deepEqual(news("back"), [1]);
});

test("each try waits longer, until the network is back", async () => {
  press();
  await line.cut();
  mock.timers.tick(500);
  await settled();
  await line.cut();
  mock.timers.tick(500);
  await settled();
  assert.equal(line.requests.length, 2);
  dispatchEvent(new Event("online"));
  await settled();
  assert.equal(line.requests.length, 3);
});

test("a bad line is called slow, a broken one lost", async () => {
  press();
  line.last.answer({ late: true });
  await settled();
  assert.deepEqual(news("slow"), [1]);
  assert.deepEqual(news("lost"), []);
});

test("an answer that takes long is spoken of before it comes", async () => {
  press();
  mock.timers.tick(4_000);
  assert.deepEqual(news("slow"), [1]);
});

test("a reload takes the presses along, with their keys", async () => {
  press();
  const [key] = line.last.keys;
  open();
  assert.deepEqual(line.last.keys, [key]);
  await line.sent();
  assert.deepEqual(news("back"), [1]);
  assert.deepEqual(kept(), []);
});

test("what was pressed long ago does not go off by itself", async () => {
  press();
  const [key] = line.last.keys;
  mock.timers.tick(60_001);
  line.known = { sent: [key], balance: 5 };
  open();
  await settled();
  assert.equal(line.requests.length, 1);
  assert.deepEqual(line.asked, [[key]]);
  assert.deepEqual(news("settled"), [{ arrived: 1, not: 0, balance: 5 }]);
  assert.deepEqual(kept(), []);
});

test("a press that gets too old while it waits is given up, then asked about", async () => {
  press();
  mock.timers.tick(60_001);
  await line.cut();
  assert.deepEqual(news("givenUp"), [1]);
  assert.deepEqual(outbox.line, []);
  mock.timers.tick(500);
  await settled();
  assert.deepEqual(news("settled"), [{ arrived: 0, not: 1, balance: 7 }]);
});

test("a combo that is taken back drops only what has not left", async () => {
  press({ combo: "a" });
  press({ combo: "a" });
  press({ combo: "b" });
  outbox.forget("a");
  assert.deepEqual(
    outbox.line.map(({ fields }) => fields.combo),
    ["a", "b"],
  );
});

test("signed out, nothing more is sent, and only what may have arrived is kept", async () => {
  press();
  await line.cut();
  press();
  mock.timers.tick(500);
  await settled();
  line.last.answer({ late: false, strange: "signed out" });
  await settled();
  assert.equal(news("signedOut").length, 1);
  assert.deepEqual(outbox.line, []);
  assert.equal(kept().length, 1);
  assert.equal(kept()[0].fields.key, line.requests[0].keys[0]);
  mock.timers.tick(60_000);
  await settled();
  assert.deepEqual(line.asked, []);
});

test("an old page is loaded anew once, then it counts as signed out", async () => {
  const reload = mock.method(location, "reload", () => undefined);
  press();
  line.last.answer({ late: false, strange: "old page" });
  await settled();
  assert.equal(reload.mock.callCount(), 1);
  open();
  line.last.answer({ late: false, strange: "old page" });
  await settled();
  assert.equal(reload.mock.callCount(), 1);
  assert.equal(news("signedOut").length, 1);
});
