// Lines of combos: one for a sender of the same small gift again and again; its figure counts up in
// place. There are three lines; when all are busy, one more line counts all others. What
// the lines say is drawn a few times a second, however much came.
import { figure, make, still } from "../../js/page.js";
import { put, toWhom } from "./phrases.js";

const STAY_MS = 4_000;
const MOST = 3;
const IDLE_MS = 1_200; // a line that stood still so long gives its place to another sender
const POP_MS = 180;
const PAUSE_MS = 90; // between two updates of the lines: a figure cannot be read more often

const part = (name, text = "") => make(name, text, "span");

export class ComboLines {
  constructor(place, words, address) {
    this.place = place;
    this.words = words;
    this.address = address;
    place.setAttribute("aria-hidden", "true"); // the announcer says it
    this.lines = new Map();
    this.more = null; // the line of all others
    this.away = new Map(); // id -> quantity, while the page was hidden
    this.changed = new Set();
    this.soon = 0;
    this.drawn = 0;
    this.calm = false; // the machine is behind: figures change, nothing moves
  }

  /** Count a gift. Answers the combo's key and sum. */
  add(gift) {
    const key = gift.combo || `${gift.handle || gift.id}:${gift.gift}:${gift.to_handle ?? ""}`;
    const line = this.lines.get(key) ?? this.#open(key, gift) ?? this.#rest();
    line.gifts.set(gift.id, gift.quantity);
    line.sum += gift.quantity;
    line.touched = performance.now();
    this.#draw(line);
    return { key, count: line.sum };
  }

  #open(key, gift) {
    if (this.lines.size >= MOST) {
      const line = [...this.lines.values()].reduce((a, b) => (a.touched <= b.touched ? a : b));
      if (performance.now() - line.touched < IDLE_MS) return null;
      this.#close(line);
    }
    const element = part("combo-line");
    const words = part("combo-line__words");
    words.append(
      part("combo-line__who", gift.who),
      part("combo-line__what", toWhom(this.words, gift.message || gift.name, gift)),
    );
    const art = Object.assign(make("combo-line__art", "", "img"), {
      src: this.address(gift.art),
      alt: "",
      width: 44,
      height: 44,
    });
    const count = part("combo-line__count");
    element.append(part("combo-line__face", [...gift.who][0]), words, art, count);
    const line = this.#show({
      element,
      count,
      shape: "×{count}",
      key,
      first: gift.id,
      gifts: new Map(),
    });
    this.lines.set(key, line);
    return line;
  }

  #rest() {
    if (!this.more) {
      const element = part("combo-line combo-line-more");
      const count = element.appendChild(part("combo-line__count"));
      this.more = this.#show({
        element,
        count,
        shape: this.words.more,
        always: true,
        gifts: new Map(),
      });
    }
    return this.more;
  }

  #show(line) {
    line.sum = [...line.gifts.values()].reduce((all, one) => all + one, 0);
    this.place.append(line.element);
    if (!this.calm && !still.matches)
      line.element.animate(
        [
          { opacity: 0, translate: "-24px 0" },
          { opacity: 1, translate: "0 0" },
        ],
        { duration: POP_MS, easing: "ease-out" },
      );
    return line;
  }

  #draw(line) {
    this.changed.add(line);
    this.soon ||= setTimeout(
      () => {
        this.soon = 0;
        this.drawn = performance.now();
        for (const one of this.changed) this.#write(one);
        this.changed.clear();
      },
      Math.max(0, this.drawn + PAUSE_MS - performance.now()),
    );
  }

  #write(line) {
    const count = line.sum;
    line.count.textContent =
      count > 1 || line.always ? put(line.shape, { count: figure(count) }) : "";
    const now = performance.now();
    if (
      count > 1 &&
      count > (line.shown ?? 0) &&
      now - (line.popped ?? 0) > POP_MS &&
      !this.calm &&
      !still.matches
    ) {
      line.popped = now;
      line.count.animate([{ scale: 1.5 }, { scale: 0.96, offset: 0.7 }, { scale: 1 }], {
        duration: POP_MS,
        easing: "ease-out",
      });
    }
    line.shown = count;
    // One timer a line, wound again only when it rings: a rain of gifts would wind it fifty times a
    // second.
    if (!line.closed) line.timer ||= setTimeout(() => this.#ring(line), STAY_MS);
  }

  #ring(line) {
    const left = STAY_MS - (performance.now() - line.touched);
    line.timer = left > 50 ? setTimeout(() => this.#ring(line), left) : 0;
    if (!line.timer) this.#close(line);
  }

  /** The message of a gift was hidden: its line names the gift instead. */
  hideMessage({ id, name }) {
    for (const line of this.lines.values())
      if (line.first === id) line.element.querySelector(".combo-line__what").textContent = name;
  }

  /** Take a gift out of its line. */
  remove(id) {
    this.away.delete(id);
    for (const line of [...this.lines.values(), ...(this.more ? [this.more] : [])]) {
      const quantity = line.gifts.get(id);
      if (!line.gifts.delete(id)) continue;
      line.sum -= quantity;
      if (line.sum < 1) this.#close(line);
      else this.#draw(line);
    }
  }

  async #close(line) {
    if (line.closed) return;
    line.closed = true;
    if (line === this.more) this.more = null;
    else this.lines.delete(line.key);
    if (this.changed.delete(line)) this.#write(line);
    clearTimeout(line.timer);
    if (!this.calm)
      await line.element.animate([{ opacity: 1 }, { opacity: 0 }], {
        duration: POP_MS,
        fill: "forwards",
      }).finished;
    line.element.remove();
  }

  /** How many gifts wait for the stage. */
  next(count) {
    if (!count) {
      this.waits?.remove();
      this.waits = null;
      return;
    }
    this.waits ??= this.place.appendChild(part("combo-line combo-line-next"));
    this.waits.textContent = put(this.words.next, { count: figure(count) });
  }

  missed(gift) {
    this.away.set(gift.id, gift.quantity);
  }

  /** The page is visible again: say how much came meanwhile. */
  welcome() {
    const gifts = new Map(this.away);
    this.away.clear();
    if (!gifts.size) return;
    const element = part("combo-line combo-line-more");
    const count = element.appendChild(part("combo-line__count"));
    const line = this.#show({
      element,
      count,
      shape: this.words.away,
      always: true,
      gifts,
      key: Symbol("away"),
      touched: performance.now(),
    });
    this.lines.set(line.key, line);
    this.#draw(line);
  }

  /** A sentence that stays for a moment: the creator says thanks. */
  async note(place, text) {
    const element = part("stage__note");
    element.append(part("stage__heart"), part("", text));
    place.append(element);
    while (place.children.length > 2) place.firstElementChild.remove();
    await element.animate(
      [
        { opacity: 0, translate: still.matches ? "0 0" : "0 10px" },
        { opacity: 1, translate: "0 0", offset: 0.06 },
        { opacity: 1, offset: 0.92 },
        { opacity: 0 },
      ],
      { duration: 4_200 },
    ).finished;
    element.remove();
  }
}
