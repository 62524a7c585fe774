// The card of an alert: who sent what, what they wrote, what many sent together.
import { figure, make, still } from "../js/page.js";
import { coinsIn, named, put, sums } from "./phrases.js";

const MOST_ROWS = 5;
const IN = [
  { opacity: 0, translate: "0 18px", scale: 0.96 },
  { opacity: 1, translate: "0 0", scale: 1 },
];

export class Card {
  constructor(place, phrases) {
    this.phrases = phrases;
    this.root = make("alert");
    this.root.setAttribute("role", "status");
    place.replaceChildren(this.root);
    new ResizeObserver(() => this.#measure()).observe(this.root);
    this.root.animate(still.matches ? [{ opacity: 0 }, { opacity: 1 }] : IN, {
      duration: 420,
      easing: "cubic-bezier(0.2, 0.9, 0.25, 1.1)",
    });
  }

  /** Draw the alert as it is now; again when it counts up, or part of it is undone. */
  show(alert) {
    this.root.dataset.gifts = alert.gifts.size;
    this.root.classList.toggle("alert-crowd", Boolean(alert.crowd));
    this.root.classList.toggle(
      "alert-bare",
      !alert.crowd && ["large", "full"].includes(alert.star.kind),
    );
    this.root.replaceChildren(...(alert.crowd ? this.#many(alert) : this.#one(alert)));
    if (alert.test) this.root.append(make("alert__mark", this.phrases.test, "span"));
    else if (alert.again) this.root.append(make("alert__mark", this.phrases.again, "span"));
    this.#measure();
    return this;
  }

  /** Tell how much of the picture the words take: the scene keeps clear of it. */
  #measure() {
    if (this.root.isConnected)
      document.body.style.setProperty("--card", `${this.root.offsetHeight}px`);
  }

  #one(alert) {
    const { first: gift } = alert;
    const { gifts, coins } = sums(alert.gifts.values());
    const head = make("alert__head");
    const what = make(
      "alert__what",
      put(this.phrases.sent, { gift: named(this.phrases, { ...gift, quantity: 1 }) }),
      "span",
    );
    if (gifts > 1) what.append(make("alert__count", `×${figure(gifts)}`, "span"));
    head.append(
      make("alert__who", gift.from || this.phrases.somebody, "span"),
      what,
      make("alert__coins", coinsIn(this.phrases, coins), "span"),
    );
    const art = Object.assign(make("alert__art", "", "img"), {
      src: this.phrases.address(gift.art),
      alt: "",
    });
    return alert.message ? [art, head, make("alert__message", alert.message, "q")] : [art, head];
  }

  #many(alert) {
    const all = [...alert.gifts.values()];
    const { gifts, coins, names, nameless, senders } = sums(all);
    const who = names.slice(0, 3).join(", ") || this.phrases.somebody;
    const others = senders - Math.min(3, names.length || Number(nameless));
    const head = make("alert__head");
    head.append(
      make(
        "alert__who",
        put(alert.crowd === "away" ? this.phrases.away : this.phrases.many, {
          count: figure(gifts),
        }),
        "span",
      ),
      make(
        "alert__what",
        others > 0 ? put(this.phrases.others, { from: who, count: figure(others) }) : who,
        "span",
      ),
      make("alert__coins", coinsIn(this.phrases, coins), "span"),
    );
    return [head, this.#rows(all)];
  }

  /** What of each: a picture, a figure. */
  #rows(all) {
    const kinds = new Map();
    for (const gift of all) {
      const row = kinds.get(gift.gift) ?? { gift, count: 0, coins: 0 };
      row.count += gift.quantity;
      row.coins += gift.coins;
      kinds.set(gift.gift, row);
    }
    const rows = [...kinds.values()].sort((a, b) => b.coins - a.coins);
    const list = make("alert__rows", "", "ul");
    for (const { gift, count } of rows.slice(0, MOST_ROWS)) {
      const row = make("alert__row", "", "li");
      row.append(
        Object.assign(make("", "", "img"), { src: this.phrases.address(gift.art), alt: gift.name }),
        make("", `×${figure(count)}`, "span"),
      );
      list.append(row);
    }
    if (rows.length > MOST_ROWS)
      list.append(
        make(
          "alert__row",
          put(this.phrases.kinds, { count: figure(rows.length - MOST_ROWS) }),
          "li",
        ),
      );
    return list;
  }

  async leave() {
    const out = this.root.animate([{ opacity: 1 }, { opacity: 0 }], {
      duration: 320,
      easing: "ease-in",
      fill: "forwards",
    });
    // a hidden source draws no frames
    await Promise.race([out.finished, new Promise((go) => setTimeout(go, 600))]);
    this.root.remove();
  }
}
