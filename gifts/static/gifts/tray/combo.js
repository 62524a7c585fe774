// The running combo: one gift pressed again and again counts up as one, while a ring around its
// button runs out.
// When the time is over it ends in sight: the sum stands on the button for a moment.

import { still } from "../../js/page.js";

const LAST_LOOK_MS = 1_400;

export class Combo {
  /** `words` says what a sum is called: "×12 · €1.39"; `cost(tile, count)` is its money. */
  constructor({ window, words, cost }) {
    this.window = window;
    this.words = words;
    this.cost = cost;
    this.count = 0;
    this.#begin(null);
  }

  #begin(tile) {
    this.tile = tile;
    this.id = tile && crypto.randomUUID();
    this.count = 0;
    this.message = "";
    /** @type {Animation | undefined} */
    this.ring = undefined;
  }

  /** Count a press of this tile; return the combo's id. */
  press(tile) {
    if (this.tile !== tile) {
      this.end();
      this.#begin(tile);
      clear(tile);
    }
    this.count += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(true), this.window);
    tile.classList.add("is-combo");
    const count = tile.querySelector("[data-count]");
    count.textContent = this.count > 1 ? `×${this.count}` : "";
    tile.classList.toggle("is-counting", this.count > 1);
    if (!still.matches)
      count.animate([{ scale: 1.5 }, { scale: 1 }], { duration: 160, easing: "ease-out" });
    this.ring?.cancel();
    this.ring = tile
      .querySelector(".tile__ring rect")
      ?.animate([{ strokeDashoffset: 0 }, { strokeDashoffset: 1 }], {
        duration: this.window,
        fill: "forwards",
      });
    return this.id;
  }

  /** A combo says its sentence once: return what is new in this one. */
  news(text) {
    const fresh = this.message === text ? "" : text;
    this.message = text;
    return fresh;
  }

  /** End it; `over` when its time has run out and the sum may be seen. */
  end(over = false) {
    clearTimeout(this.timer);
    this.ring?.cancel();
    const { tile, count } = this;
    this.#begin(null);
    if (!tile) return;
    tile.classList.remove("is-combo");
    if (!over || count < 2) {
      clear(tile);
      return;
    }
    tile.classList.add("is-over");
    tile.querySelector("[data-count]").textContent = this.words
      .replace("{count}", `×${count}`)
      .replace("{money}", this.cost(tile, count));
    setTimeout(() => this.tile !== tile && clear(tile), LAST_LOOK_MS);
  }
}

function clear(tile) {
  tile.querySelector("[data-count]").textContent = "";
  tile.classList.remove("is-over", "is-counting");
}
