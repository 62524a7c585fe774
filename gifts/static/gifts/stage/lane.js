// A lane of the stage: one scene at a time, the others wait. The same gift of the same sender
// joins what waits already, and when many wait so does the same gift of others: one scene for all of
// them, with all of them counted.
import { figure } from "../../js/page.js";
import { put } from "./phrases.js";

const HURRY = [
  [4, 0.6],
  [2, 0.8],
]; // so many waiting: this pace

export class Lane {
  constructor({ play, words, most, moved = (_waiting) => {} }) {
    this.begin = play;
    this.words = words;
    this.most = most;
    this.moved = moved;
    /** @type {Map<string, StageGift>[]} the gifts of one scene, by id */
    this.waiting = [];
    /** @type {{gifts: Map<string, StageGift>, play: import("./play.js").Play} | null} */
    this.playing = null;
  }

  add(gift) {
    const joins = this.waiting.findLast((gifts) => {
      const [first] = gifts.values();
      return (
        first.gift === gift.gift &&
        (this.waiting.length >= this.most ||
          (first.who === gift.who && first.handle === gift.handle))
      );
    });
    if (joins) joins.set(gift.id, gift);
    else this.waiting.push(new Map([[gift.id, gift]]));
    this.#next();
  }

  /** Take a gift out. Says whether the scene it belongs to goes on for others. */
  remove(id) {
    const { playing } = this;
    const gifts = playing?.gifts.has(id) ? playing.gifts : this.waiting.find((one) => one.has(id));
    if (!gifts?.delete(id)) return false;
    if (gifts === playing?.gifts) {
      if (!gifts.size) playing.play.stop("undone");
      else playing.play.say(this.#together(gifts));
    } else if (!gifts.size) this.waiting.splice(this.waiting.indexOf(gifts), 1);
    this.#count();
    return gifts.size > 0;
  }

  /** The message of a gift was hidden: the scene that plays no longer shows it. */
  hideMessage(id) {
    if (this.playing?.gifts.has(id))
      this.playing.play.hideMessage(this.#together(this.playing.gifts));
  }

  /** Forget who waits, and give their gifts back. */
  clear() {
    const gifts = this.waiting.splice(0).flatMap((one) => [...one.values()]);
    this.#count();
    return gifts;
  }

  /** What the scene of these gifts says: the first of them, with the sum and with how many
   * joined in. */
  #together(gifts) {
    const all = [...gifts.values()];
    const [first] = all;
    const senders = new Set(all.map((gift) => gift.handle || gift.id)).size;
    const quantity = all.reduce((sum, gift) => sum + gift.quantity, 0);
    return {
      ...first,
      quantity,
      who:
        senders > 1
          ? put(this.words.others, { from: first.who, count: figure(senders - 1) })
          : first.who,
      what:
        quantity > 1
          ? put(this.words.several, { count: figure(quantity), gift: first.name })
          : first.name,
      message: all.find((gift) => gift.message)?.message ?? "",
    };
  }

  async #next() {
    this.#count();
    if (this.playing) return;
    const gifts = this.waiting.shift();
    if (!gifts) return;
    const pace = HURRY.find(([many]) => this.waiting.length >= many)?.[1] ?? 1;
    const play = this.begin(this.#together(gifts), { pace });
    this.playing = { gifts, play };
    this.#count();
    await play.done;
    this.playing = null;
    this.#next();
  }

  #count() {
    this.moved(
      this.waiting.reduce(
        (sum, gifts) => sum + [...gifts.values()].reduce((all, gift) => all + gift.quantity, 0),
        0,
      ),
    );
  }
}
