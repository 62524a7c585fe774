import assert from "node:assert/strict";
import { test } from "node:test";
import { paceOf, Watch } from "../../static/video/watch.js";

const looks = (watch, times) => times.map((time) => watch.stalls(time));

test("a picture that moves on is left alone", () => {
  assert.deepEqual(looks(new Watch(), [0, 1, 2, 2, 2, 3]), Array(6).fill(false));
});

test("one that stands still is started anew, and has time to begin then", () => {
  const watch = new Watch();
  assert.deepEqual(looks(watch, [4, 4, 4, 4, 4, 4]), [...Array(5).fill(false), true]);
  watch.begin();
  assert.equal(watch.stalls(4), false);
});

test("one that is late plays a little faster until it is not", () => {
  assert.deepEqual([0, 2, 4, 5, 9].map(paceOf), [1, 1, 1, 1.1, 1.1]);
});
