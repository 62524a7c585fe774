import assert from "node:assert/strict";
import { test } from "node:test";
import { Lines } from "../../static/video/captions.js";

test("a line stands there when the picture gets to where it was spoken, and goes after a while", () => {
  const lines = new Lines();
  lines.add("Good evening", 5_000);
  assert.deepEqual(lines.at(4_900), []);
  assert.deepEqual(lines.at(5_000), ["Good evening"]);
  assert.deepEqual(lines.at(8_000), ["Good evening"]);
  assert.deepEqual(lines.at(9_000), []);
});

test("a longer line stays longer", () => {
  const lines = new Lines();
  lines.add("x".repeat(80), 1_000);
  lines.at(1_000);
  assert.equal(lines.at(9_000).length, 1);
  assert.equal(lines.at(9_200).length, 0);
});

test("two lines are there at most, the newest ones, in the order in which they were spoken", () => {
  const lines = new Lines();
  lines.add("three", 3_000);
  lines.add("one", 1_000);
  lines.add("two", 2_000);
  assert.deepEqual(lines.at(2_100), ["one", "two"]);
  assert.deepEqual(lines.at(3_000), ["two", "three"]);
});

test("what comes long after its moment is not shown, what has no moment is at once", () => {
  const lines = new Lines();
  lines.add("from before a cut", 1_000);
  assert.deepEqual(lines.at(10_000), []);
  lines.add("now");
  assert.deepEqual(lines.at(10_000), ["now"]);
  lines.clear();
  assert.deepEqual(lines.at(10_000), []);
});

test("only so many lines wait", () => {
  const lines = new Lines();
  for (let number = 0; number < 500; number += 1) lines.add("again", 60_000 + number);
  assert.equal(lines.waiting.length, 50);
});
