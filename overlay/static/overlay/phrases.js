// Sentences of the overlay: shapes come from the page, in its language; names and figures are put
// in here.
export { coinsIn, named, put, toWhom } from "../gifts/stage/phrases.js";

/** How many gifts and coins these are, and who sent them. */
export function sums(gifts) {
  const all = [...gifts];
  const names = [...new Set(all.map((gift) => gift.from ?? ""))];
  return {
    gifts: all.reduce((sum, gift) => sum + gift.quantity, 0),
    coins: all.reduce((sum, gift) => sum + gift.coins, 0),
    names: names.filter(Boolean),
    nameless: names.includes(""),
    senders: new Set(all.map((gift) => gift.handle ?? gift.id)).size,
  };
}
