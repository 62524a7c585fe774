import assert from "node:assert/strict";
import { test } from "node:test";
import { leadOf, stepOf } from "../../static/video/step.js";

test("a guest's picture at the creator's moment is left alone", () => {
  for (const ahead of [-0.15, 0, 0.1]) assert.deepEqual(stepOf(ahead), { jump: 0, rate: 1 });
});

test("a little off it plays faster or slower, unheard", () => {
  assert.ok(stepOf(-0.5).rate > 1 && stepOf(-0.5).rate < 1.08);
  assert.ok(stepOf(0.5).rate < 1 && stepOf(0.5).rate > 0.92);
  assert.equal(stepOf(1.4).jump, 0);
});

test("far off it jumps there", () => {
  assert.deepEqual(stepOf(-3), { jump: 3, rate: 1 });
  assert.deepEqual(stepOf(2), { jump: -2, rate: 1 });
});

test("the creator's picture waits for a guest's that has nothing more to play", () => {
  assert.equal(leadOf(2, false), 1);
  assert.ok(leadOf(2, true) < 1);
  assert.ok(leadOf(1, false) < 1);
  assert.ok(leadOf(4, false) > 1);
});
