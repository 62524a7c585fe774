// A gift on a replay goes to the moment that is seen, and its sender's page shows it by itself.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const heard = [];
globalThis.document = { dispatchEvent: (event) => heard.push([event.type, event.detail]) };
const { hideOnReplay, momentSeen, showOnReplay } = await import(
  "../../static/gifts/tray/on_replay.js"
);

/** A tray's form in a room. */
const form = (field, moment) => ({
  querySelector: () => field,
  closest: () => ({ dataset: moment ? { moment } : {} }),
});
const GIFT = { id: "g1", coins: 25, quantity: 1, at: "long ago", event_id: 7 };

beforeEach(() => heard.splice(0));

test("the moment is the one that is seen, or the one that the page came with", () => {
  assert.equal(momentSeen(form({ value: "end" }, "now")), "now");
  assert.equal(momentSeen(form({ value: "end" })), "end");
  assert.equal(momentSeen(form(null, "now")), undefined);
});

test("what was sent is shown at once, and taken away when it is undone", () => {
  showOnReplay({ dataset: { told: JSON.stringify(GIFT) } });
  assert.deepEqual(heard, [["live:gift", { ...GIFT, at: undefined }]]);
  hideOnReplay(["g1", "g2"]);
  hideOnReplay(["g1"]);
  assert.deepEqual(heard.slice(1), [["live:undo", { id: "g1", coins: 25, quantity: 1 }]]);
});

test("a live gift comes by its event alone", () => {
  showOnReplay({ dataset: {} });
  hideOnReplay(["g1"]);
  assert.deepEqual(heard, []);
});
