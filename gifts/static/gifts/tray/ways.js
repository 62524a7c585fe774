// Ways out of the tray, and back into the room with the same choice.

/** The coins page's address for so many coins; from there back to the room with this message.
 * @param {string} href @param {number} coins @param {string} message */
export function wayToCoins(href, coins, message) {
  const way = new URL(href);
  way.searchParams.set("coins", String(coins));
  const back = new URL(way.searchParams.get("next") ?? "", way);
  if (message) back.searchParams.set("message", message);
  else back.searchParams.delete("message");
  way.searchParams.set("next", back.pathname + back.search);
  return way.href;
}
