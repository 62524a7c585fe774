// The coins in the tray: what the server last said, in every tab of this person, and read again
// whenever it may be old.

const spell = (count) => count.toLocaleString(document.documentElement.lang || undefined);

export class Purse {
  /** `read()` returns the coins as the server counts them, or nothing. */
  constructor(tray, read) {
    this.figure = tray.querySelector("[data-balance]");
    this.read = read;
    if (!this.figure) return;
    this.others = new BroadcastChannel(`purse:${tray.dataset.who}`);
    this.others.addEventListener("message", ({ data }) => this.show(data));
    addEventListener("pageshow", (event) => event.persisted && this.fresh());
    addEventListener("online", () => this.fresh());
    document.addEventListener("visibilitychange", () => document.hidden || this.fresh());
  }

  get coins() {
    return this.figure ? Number(this.figure.dataset.balance) : Infinity;
  }

  /** The server has said what is left: here, and in the other tabs. */
  is(coins) {
    if (!this.figure || !Number.isFinite(coins)) return;
    this.others.postMessage(coins);
    this.show(coins);
  }

  show(coins) {
    if (coins === this.coins) return;
    this.figure.dataset.balance = coins;
    this.figure.textContent = spell(coins);
    document.body.dispatchEvent(new CustomEvent("balance:changed", { bubbles: true }));
  }

  async fresh() {
    if (!this.figure) return;
    const coins = await this.read();
    if (coins !== undefined) this.show(coins);
  }
}
