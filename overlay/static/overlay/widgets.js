// What stands beside the alerts: the goal, who supports this stream, the latest gifts.
import { figure, find, make, priceLike, still } from "../js/page.js";
import { put, toWhom } from "./phrases.js";

const MOST_SUPPORTERS = 5;
const MOST_LATEST = 12;

const enter = (element) =>
  !still.matches &&
  element.animate(
    [
      { opacity: 0, translate: "24px 0" },
      { opacity: 1, translate: "0 0" },
    ],
    { duration: 320, easing: "ease-out" },
  );

export class Goal {
  constructor(place, phrases) {
    this.place = place;
    this.phrases = phrases;
    /** @type {LiveGoal | null} */
    this.goal = null;
  }

  show(goal) {
    this.goal = goal?.id ? goal : null;
    this.#draw();
  }

  /** A gift came, or was taken back (-1): the bar moves at once; what is true is read soon after. */
  add(gift, sign = 1) {
    if (!this.goal) return;
    this.goal.counted += sign * (this.goal.unit === "coins" ? gift.coins : gift.quantity);
    this.#draw();
  }

  #draw() {
    const { place, goal, phrases } = this;
    place.hidden = !goal;
    if (!goal) return void place.replaceChildren();
    const reached = goal.counted >= goal.target;
    if (place.dataset.goal !== goal.id) {
      place.dataset.goal = goal.id;
      const head = make("goal__head");
      head.append(make("goal__title"), make("goal__count"));
      const bar = make("goal__bar");
      bar.append(make("goal__fill"));
      place.replaceChildren(head, bar);
    }
    place.querySelector(".goal__title").textContent = goal.title;
    const counted = Math.max(0, goal.counted);
    const money = goal.unit === "coins" && priceLike(phrases);
    place.querySelector(".goal__count").textContent = put(
      phrases[goal.unit === "coins" ? "goalCoins" : "goalGifts"],
      money
        ? { count: money(counted), target: money(goal.target), coins: figure(counted) }
        : { count: figure(counted), target: figure(goal.target) },
    );
    place.querySelector(".goal__fill").style.scale =
      `${Math.min(1, Math.max(0, goal.counted) / goal.target)} 1`;
    place.classList.toggle("is-reached", reached);
  }
}

export class Supporters {
  constructor(place, phrases) {
    this.place = place;
    this.phrases = phrases;
  }

  show(people) {
    const { place, phrases } = this;
    place.hidden = !people.length;
    const list = make("people", "", "ol");
    for (const { name, coins } of people.slice(0, MOST_SUPPORTERS)) {
      const row = make("people__one", "", "li");
      row.append(
        make("people__face", [...name][0].toUpperCase(), "span"),
        make("people__name", name, "span"),
        make("people__coins", figure(coins), "span"),
      );
      list.append(row);
    }
    place.replaceChildren(make("people__title", phrases.supporters, "h2"), list);
  }
}

/** Count more (or fewer) gifts in a line; return how many there are now. */
function count(line, more) {
  const quantity = Number(line.dataset.count) + more;
  line.dataset.count = String(quantity);
  find(".ticker__count", line).textContent = quantity > 1 ? `×${figure(quantity)}` : "";
  return quantity;
}

export class Ticker {
  constructor(place, phrases) {
    this.place = place;
    this.phrases = phrases;
    /** @type {Map<string, HTMLElement>} the line of each gift */
    this.ids = new Map();
    this.list = make("ticker", "", "ol");
    place.append(this.list);
  }

  /** Begin with what was sent lately, oldest first. */
  show(gifts) {
    this.ids.clear();
    this.list.replaceChildren();
    for (const gift of gifts) this.add(gift, false);
    this.place.hidden = !this.ids.size;
  }

  add(gift, fresh = true) {
    if (this.ids.has(gift.id)) return;
    const combo =
      gift.combo && [...this.ids.values()].find((line) => line.dataset.combo === gift.combo);
    const line = combo || this.#line(gift);
    count(line, gift.quantity);
    this.ids.set(gift.id, line);
    if (combo) return;
    this.list.prepend(line);
    if (fresh) enter(line);
    while (this.list.children.length > MOST_LATEST) this.list.lastElementChild?.remove();
    for (const [id, one] of this.ids) if (!one.isConnected) this.ids.delete(id);
    this.place.hidden = false;
  }

  undo({ id, quantity }) {
    const line = this.ids.get(id);
    if (!line) return;
    this.ids.delete(id);
    if (count(line, -quantity) < 1) line.remove();
    this.place.hidden = !this.ids.size;
  }

  #line(gift) {
    const line = make("ticker__one", "", "li");
    Object.assign(line.dataset, { combo: gift.combo ?? "", count: 0 });
    // A private sender is named on no list, so not on this one.
    const who = (!gift.private && gift.from) || this.phrases.somebody;
    const art = Object.assign(make("", "", "img"), {
      src: this.phrases.address(gift.art),
      alt: "",
      width: 40,
      height: 40,
    });
    line.append(
      art,
      make("ticker__who", who, "span"),
      make("ticker__what", toWhom(this.phrases, gift.name, gift), "span"),
      make("ticker__count", "", "span"),
    );
    return line;
  }
}
