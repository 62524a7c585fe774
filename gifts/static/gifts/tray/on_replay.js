// Gifts on a replay: each belongs to the moment that its sender sees. No live event brings it to
// the page, so the server's answer does; everybody who watches the replay later gets it from there.

/** @type {Map<string, LiveGift>} what this page showed by itself */
const shown = new Map();

const tell = (/** @type {string} */ kind, /** @type {object} */ detail) =>
  document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail }));

/**
 * The moment that is seen now; nothing while a stream is live.
 * @param {HTMLFormElement} form
 * @returns {string | undefined}
 */
export function momentSeen(form) {
  const field = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=moment]"));
  const room = /** @type {HTMLElement | null} */ (form.closest("[data-room]"));
  return field ? (room?.dataset.moment ?? field.value) : undefined;
}

/**
 * Show a gift that was sent on a replay, as the server's answer tells of it.
 * @param {HTMLElement} answer
 */
export function showOnReplay({ dataset }) {
  if (!dataset.told) return;
  /** @type {LiveGift} */
  const gift = JSON.parse(dataset.told);
  shown.set(gift.id, gift);
  tell("gift", { ...gift, at: undefined });
}

/**
 * Take gifts out of the page that were undone.
 * @param {Iterable<string>} keys
 */
export function hideOnReplay(keys) {
  for (const id of keys) {
    const gift = shown.get(id);
    if (gift) tell("undo", { id, coins: gift.coins, quantity: gift.quantity });
    shown.delete(id);
  }
}
