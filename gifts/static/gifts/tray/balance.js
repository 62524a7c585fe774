// The coins in the tray: what the server last said, in every tab of this person, and read again
// whenever it may be old.

import { figure } from "../../js/page.js";

export class Balance {
  /** `read()` returns the coins as the server counts them, or nothing; `changed(coins)` is called
   * when they are others than before. */
  constructor(tray, read, changed) {
    this.changed = changed;
    this.place = tray.querySelector("[data-balance]");
    this.read = read;
    if (!this.place) return;
    this.others = new BroadcastChannel(`balance:${tray.dataset.who}`);
    this.others.addEventListener("message", ({ data }) => this.show(data));
    addEventListener("pageshow", (event) => event.persisted && this.fresh());
    addEventListener("online", () => this.fresh());
    document.addEventListener("visibilitychange", () => document.hidden || this.fresh());
  }

  get coins() {
    return this.place ? Number(this.place.dataset.balance) : Infinity;
  }

  /** The server has said what is left: here, and in the other tabs. */
  is(coins) {
    if (!this.place || !Number.isFinite(coins)) return;
    this.others?.postMessage(coins);
    this.show(coins);
  }

  show(coins) {
    if (coins === this.coins) return;
    this.place.dataset.balance = coins;
    this.place.textContent = figure(coins);
    this.changed(coins);
    document.body.dispatchEvent(new CustomEvent("balance:changed", { bubbles: true }));
  }

  async fresh() {
    if (!this.place) return;
    const coins = await this.read();
    if (coins !== undefined) this.show(coins);
  }
}
