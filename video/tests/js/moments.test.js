// A second of a replay is a moment of its stream, also behind a cut.
import assert from "node:assert/strict";
import { test } from "node:test";
import { momentAt } from "../../static/video/moments.js";

const BEGAN = Date.parse("2026-11-20T20:00:00Z") / 1_000;
const PARTS = [
  [0, BEGAN, 10],
  [10, BEGAN + 40, 20],
];

test("a moment is as far into its part as the picture", () => {
  assert.equal(momentAt(PARTS, 4.5), "2026-11-20T20:00:04.500Z");
  assert.equal(momentAt(PARTS, 10), "2026-11-20T20:00:40.000Z");
  assert.equal(momentAt(PARTS, 12), "2026-11-20T20:00:42.000Z");
});

test("there is none before the first picture or behind the last", () => {
  assert.equal(momentAt(PARTS, -1), "2026-11-20T20:00:00.000Z");
  assert.equal(momentAt(PARTS, 99), "2026-11-20T20:01:00.000Z");
});
