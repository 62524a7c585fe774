// What a creator earned, added up as the server does: each gift by itself, in hundredths of a minor
// unit of the creator's currency. Whole numbers only: fractions would drift.

/** Half goes up, as on the server; an undone gift takes away what it had brought. */
const share = (/** @type {bigint} */ amount, /** @type {bigint} */ of) =>
  (2n * amount + of) / (2n * of);

/** Half goes to the even neighbour, as the server writes an amount. */
function whole(/** @type {bigint} */ hundredths) {
  const rest = hundredths % 100n;
  const minor = hundredths / 100n;
  return rest > 50n || (rest === 50n && minor % 2n === 1n) ? minor + 1n : minor;
}

/**
 * A running total. It takes the coins of a gift, below zero for one that was undone, and returns
 * the minor units to show.
 * @param {DOMStringMap} facts `totalEarned` in hundredths, `earns`: a coin's as "numerator denominator"
 */
export function earnings({ totalEarned = "0", earns = "0 1" }) {
  const [numerator, denominator] = earns.split(" ").map(BigInt);
  let total = BigInt(totalEarned);
  return (/** @type {number} */ coins) => {
    const earned = share(BigInt(Math.abs(coins)) * numerator, denominator);
    total += coins < 0 ? -earned : earned;
    return whole(total);
  };
}
