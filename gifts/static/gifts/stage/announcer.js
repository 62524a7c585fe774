// Gifts in sentences, for screen readers. Never more than one sentence in two seconds: a
// rain of pebbles is summed up.
import { figure } from "../../js/page.js";
import { coinsIn, named, put } from "./phrases.js";

const EVERY_MS = 2_000;

export class Announcer {
  constructor(element, words) {
    this.words = words;
    this.sent = new Map(); // id -> gift, not announced yet
    this.undone = []; // gifts that were announced and then undone
    this.said = []; // sentences of others: thanks
    this.timer = 0;
    this.region = document.createElement("p");
    this.region.className = "visually-hidden";
    this.region.setAttribute("role", "status");
    this.region.setAttribute("aria-live", "polite");
    element.append(this.region);
    document.addEventListener("visibilitychange", () => !document.hidden && this.#soon());
  }

  gift(gift) {
    this.sent.set(gift.id, gift);
    this.#soon();
  }

  /** A gift that was not announced yet needs no second sentence. */
  undo(gift) {
    if (!this.sent.delete(gift.id)) this.undone.push(gift);
    this.#soon();
  }

  /** A message was hidden: the last sentence must not keep it. */
  hideMessage(words) {
    if (this.region.textContent.includes(words)) this.region.textContent = "";
  }

  say(text) {
    this.said = [text]; // the newest; older thanks are not worth a queue
    this.#soon();
  }

  #soon() {
    if (this.timer || document.hidden) return;
    const text = this.#next();
    if (!text) return;
    this.region.textContent = text;
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.#soon();
    }, EVERY_MS);
  }

  #next() {
    if (this.undone.length) return this.#takenBack(this.undone.splice(0));
    if (this.said.length) return this.said.shift();
    const gifts = [...this.sent.values()];
    this.sent.clear();
    return gifts.length ? this.#sentence(gifts) : "";
  }

  #sentence(gifts) {
    const coins = coinsIn(
      this.words,
      gifts.reduce((sum, gift) => sum + gift.coins, 0),
    );
    const [first] = gifts;
    const count = gifts.reduce((sum, gift) => sum + gift.quantity, 0);
    const alike = gifts.every(
      (gift) =>
        gift.who === first.who &&
        gift.handle === first.handle &&
        gift.gift === first.gift &&
        gift.to_handle === first.to_handle,
    );
    if (!alike) return put(this.words.many, { count: figure(count), coins });
    const what = named(this.words, { ...first, quantity: count });
    const message = gifts.find((gift) => gift.message)?.message;
    return (
      put(this.words.sent, { from: first.who, gift: what, coins }) + (message ? `: ${message}` : "")
    );
  }

  #takenBack(gifts) {
    const [first] = gifts;
    const count = gifts.reduce((sum, gift) => sum + gift.quantity, 0);
    const alike = gifts.every(
      (gift) =>
        gift.who === first.who && gift.gift === first.gift && gift.to_handle === first.to_handle,
    );
    if (!alike) return put(this.words.undoneMany, { count: figure(count) });
    return put(this.words.undone, {
      from: first.who,
      gift: named(this.words, { ...first, quantity: count }),
    });
  }
}
