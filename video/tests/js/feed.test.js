// What was sent to a stream is told when its replay gets there, once, and anew after a jump.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Feed } from "../../static/video/feed.js";

/** A replay of a hundred seconds with these events; windows are ten seconds long. */
function room(...sent) {
  const told = [];
  const asked = [];
  return {
    told,
    asked,
    away: false,
    length: 100,
    async load(at) {
      asked.push(at);
      if (this.away) throw new Error("away");
      const events = sent
        .filter((one) => one.at >= at && one.at < at + 10)
        .map((one) => ({ id: one.at * 10, kind: "gift", payload: { at: "long ago" }, ...one }));
      return { events, until: Math.min(at + 10, 100) };
    },
    tell: (kind, detail) => told.push(`${kind} ${detail.event_id}`),
    rewind: () => told.push("rewind"),
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("what was sent is told at its time, and once", async () => {
  const stage = room({ at: 1 }, { at: 2.5, kind: "chat" }, { at: 14 });
  const feed = new Feed(stage);
  await feed.jump(0);
  feed.play(0.9);
  assert.deepEqual(stage.told, ["rewind"]);
  feed.play(1);
  feed.play(1.2);
  await settled();
  feed.play(3);
  assert.deepEqual(stage.told, ["rewind", "gift 10", "chat 25"]);
  feed.play(14.1);
  assert.deepEqual(stage.told.at(-1), "gift 140");
});

test("it is told as if it came now, or the stage would take it for history", async () => {
  const stage = room({ at: 1 });
  const seen = {};
  stage.tell = (_kind, detail) => Object.assign(seen, detail);
  const feed = new Feed(stage);
  await feed.jump(0);
  feed.play(2);
  assert.equal(seen.event_id, 10);
  assert.equal(seen.at, undefined);
});

test("it says that it counted long ago", async () => {
  const stage = room({ at: 1 });
  const seen = {};
  stage.tell = (_kind, detail) => Object.assign(seen, detail);
  const feed = new Feed(stage);
  await feed.jump(0);
  feed.play(2);
  assert.equal(seen.replayed, true);
});

test("what the page shows already is not told again", async () => {
  const stage = room({ at: 1 }, { at: 3 }, { at: 14 });
  const feed = new Feed(stage);
  await feed.jump(0);
  feed.knows(30);
  feed.knows(140);
  feed.play(4);
  await settled();
  feed.play(14.5);
  assert.deepEqual(stage.told, ["rewind", "gift 10"]);
});

test("after a jump, messages of before are shown and gifts of before are not", async () => {
  const stage = room({ at: 52, kind: "chat" }, { at: 55 }, { at: 57 });
  const feed = new Feed(stage);
  await feed.jump(0);
  await feed.jump(56);
  // The window before the jump begins some seconds earlier and ends before it: ask for the rest.
  while (feed.until < 60) {
    feed.play(56);
    await settled();
  }
  feed.play(57.5);
  assert.ok(!stage.told.includes("gift 550"));
  assert.ok(stage.told.includes("gift 570"));
});

test("what was asked before a jump says nothing after it", async () => {
  const stage = room({ at: 1 }, { at: 71 });
  const feed = new Feed(stage);
  const first = feed.jump(0);
  const second = feed.jump(70);
  await Promise.all([first, second]);
  feed.play(1.5);
  assert.ok(!stage.told.includes("gift 10"));
});

test("a network that was away is asked again, a little later", async () => {
  const stage = room({ at: 8 });
  stage.away = true;
  const feed = new Feed(stage);
  await feed.jump(0);
  stage.away = false;
  feed.play(1);
  await settled();
  assert.equal(stage.asked.length, 1);
  feed.play(6);
  await settled();
  feed.play(8);
  assert.equal(stage.told.at(-1), "gift 80");
});

test("nothing is asked beyond the end", async () => {
  const stage = room();
  const feed = new Feed(stage);
  await feed.jump(95);
  for (let step = 0; step < 9; step += 1) {
    feed.play(99);
    await settled();
  }
  assert.ok(stage.asked.every((at) => at < 100));
  assert.ok(stage.asked.length < 9);
});
