// The console adds up as the server does: each gift rounded by itself, whole numbers only.
import assert from "node:assert/strict";
import { test } from "node:test";
import { earnings } from "../../static/studio/earnings.js";

test("each gift is rounded by itself to a hundredth of a cent", () => {
  // 0.0068175 euros a coin: 68.175 hundredths of a cent.
  const add = earnings({ totalEarned: "0", earns: "68175 1000" });
  for (let sent = 0; sent < 99; sent += 1) add(1);
  assert.equal(add(1), 68n); // 100 times 68, not 6,817.5
});

test("an undone gift takes away exactly what it had brought", () => {
  const add = earnings({ totalEarned: "5000", earns: "68175 1000" });
  add(7);
  add(99);
  add(-99);
  assert.equal(add(-7), 50n);
});

test("half a cent goes to the even one, as on the server", () => {
  const show = (/** @type {string} */ totalEarned) => earnings({ totalEarned, earns: "0 1" })(0);
  assert.deepEqual(["49", "50", "51", "150", "250"].map(show), [0n, 0n, 1n, 2n, 2n]);
});
