// What is one alert: presses of a combo, the same gift of the same person, and in a rush everything
// small. Nothing is dropped: an alert of many says how many, from whom and what they came to.
const MOST_WAITING = 6; // from so many on, what comes joins
const BIG = new Set(["large", "full"]);
export const OLD_MS = 10 * 60_000; // what waited longer is shown together

let count = 0;

/** @typedef {false | "rush" | "away"} Crowd why an alert is of many */

export class Alert {
  /** @param {LiveGift} gift */
  constructor(gift, { crowd = /** @type {Crowd} */ (false), again = 0 } = {}) {
    this.key = count += 1;
    this.crowd = crowd;
    this.again = again; // the event that asked to show it again
    this.test = Boolean(gift.test);
    this.gifts = new Map([[gift.id, gift]]);
  }

  get first() {
    return this.gifts.values().next().value;
  }

  /** The gift whose scene plays: the only one, or the dearest. */
  get star() {
    return [...this.gifts.values()].reduce((best, gift) => (gift.coins > best.coins ? gift : best));
  }

  get message() {
    return this.crowd ? "" : ([...this.gifts.values()].find((gift) => gift.message)?.message ?? "");
  }

  /** Events that are not shown before this is. */
  get events() {
    return this.again
      ? [this.again]
      : [...this.gifts.values()].flatMap((gift) => gift.event_id || []);
  }

  /** Whether this gift is one press more of what this alert already shows. */
  continues(gift) {
    if (this.crowd || this.again || this.test || gift.test) return false;
    const { first } = this;
    if (!first) return false;
    if (gift.combo) return gift.combo === first.combo;
    return (
      Boolean(gift.handle) &&
      gift.handle === first.handle &&
      gift.gift === first.gift &&
      gift.to_handle === first.to_handle &&
      !gift.message &&
      !BIG.has(gift.kind)
    );
  }
}

/** Put a gift where it belongs among what waits. */
export function join(waiting, gift, { old = false } = {}) {
  const same = waiting.find((alert) => alert.continues(gift));
  if (same) return same.gifts.set(gift.id, gift);
  const kind = old ? "away" : "rush";
  const crowd = waiting.find((alert) => alert.crowd === kind);
  const rush =
    waiting.length >= MOST_WAITING && (!BIG.has(gift.kind) || waiting.length >= 2 * MOST_WAITING);
  if (crowd && (old || rush)) return crowd.gifts.set(gift.id, gift);
  return waiting.push(new Alert(gift, { crowd: old || rush ? kind : false }));
}
