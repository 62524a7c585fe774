import assert from "node:assert/strict";
import { test } from "node:test";
import { Hints, lightOf } from "../../static/studio/camera_hints.js";
import { fit, LARGE, measure, rateOf, SMALL } from "../../static/studio/camera_line.js";
import { sizeOf } from "../../static/studio/camera_sources.js";

const after = (looks) => {
  const hints = new Hints();
  return looks.map((look) => hints.after({ light: 120, loud: 0.3, voiced: true, ...look }));
};
const times = (number, look) => Array.from({ length: number }, () => look);

test("the light of pixels is that of an eye: green is lighter than blue", () => {
  assert.equal(Math.round(lightOf([255, 255, 255, 255, 0, 0, 0, 255])), 128);
  assert.ok(lightOf([0, 255, 0, 255]) > 4 * lightOf([0, 0, 255, 255]));
});

test("a dark picture is told after three seconds, and no longer than it is dark", () => {
  assert.deepEqual(after(times(3, { light: 8 })), ["", "", "dark"]);
  assert.equal(after([...times(3, { light: 8 }), {}]).at(-1), "");
  assert.equal(after([...times(2, { light: 8 }), {}, { light: 8 }]).at(-1), "");
});

test("who is quiet for long is told before who sits in the dark", () => {
  const quiet = times(8, { loud: 0.002, light: 8 });
  assert.deepEqual(after(quiet).slice(-2), ["dark", "quiet"]);
  assert.equal(after([...quiet, { light: 200 }]).at(-1), "");
});

test("without a microphone that is what is said", () => {
  assert.deepEqual(after([{ voiced: false }]), ["voiceless"]);
});

test("what is not looked at is not dark", () => {
  assert.equal(after(times(9, { light: undefined })).at(-1), "");
});

test("a slow line gets the small picture, one that was not measured the large one", () => {
  assert.equal(fit(0), LARGE);
  assert.equal(fit(900), SMALL);
  assert.equal(fit(40_000), LARGE);
  assert.equal(rateOf(125_000, 1_000), 1_000);
});

test("the line is measured by what it takes, and counts nothing that did not arrive", async () => {
  const clock = [0, 3_000];
  const sent = [];
  const post = (address, options) => {
    sent.push({ address, ...options });
    return Promise.resolve({ ok: true });
  };
  const kbit = await measure("/line/", "t", { post, now: () => clock.shift() });
  assert.equal(kbit, rateOf(sent[0].body.length, 3_000));
  assert.equal(sent[0].headers["X-CSRFToken"], "t");
  assert.ok(new Set(sent[0].body).size > 200); // nothing on the way presses it together
  assert.equal(await measure("/", "t", { post: () => Promise.resolve({ ok: false }) }), 0);
  assert.equal(await measure("/", "t", { post: () => Promise.reject(new Error("away")) }), 0);
});

test("sizes: wide and upright, a half of each for a slow line", () => {
  assert.deepEqual(sizeOf(), { width: 1280, height: 720 });
  assert.deepEqual(sizeOf({ upright: true }), { width: 720, height: 1280 });
  assert.deepEqual(sizeOf({ upright: true, small: true }), { width: 360, height: 640 });
});
