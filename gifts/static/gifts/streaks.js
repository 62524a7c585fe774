// Streaks: one line for who sends the same small gift again and again; its figure counts up in place.

const STAY_MS = 4_000;
const MOST = 3;
const still = matchMedia("(prefers-reduced-motion: reduce)");

const part = (name, text = "") => Object.assign(document.createElement("span"), { className: name, textContent: text });

export class Streaks {
  constructor(place) {
    this.place = place;
    this.lines = new Map();
  }

  add(gift) {
    const key = gift.combo || `${gift.handle ?? gift.id}:${gift.gift}`;
    const line = this.lines.get(key) ?? this.open(key, gift);
    line.gifts.set(gift.id, gift.quantity);
    this.count(line, true);
    clearTimeout(line.timer);
    line.timer = setTimeout(() => this.close(key), STAY_MS);
  }

  open(key, gift) {
    const element = part("streak");
    const words = part("streak__words");
    words.append(part("streak__who", gift.who), part("streak__what", gift.message || gift.name));
    const art = Object.assign(document.createElement("img"), { className: "streak__art", src: gift.src, alt: "", width: 44, height: 44 });
    const count = part("streak__count");
    element.append(part("streak__face", gift.who.slice(0, 1)), words, art, count);
    this.place.append(element);
    if (!still.matches) element.animate([{ opacity: 0, translate: "-24px 0" }, { opacity: 1, translate: "0 0" }], { duration: 180, easing: "ease-out" });
    const line = { element, count, gifts: new Map(), timer: 0 };
    this.lines.set(key, line);
    if (this.lines.size > MOST) this.close(this.lines.keys().next().value);
    return line;
  }

  count(line, up) {
    const sum = [...line.gifts.values()].reduce((all, one) => all + one, 0);
    line.count.textContent = sum > 1 ? `×${sum}` : "";
    if (up && sum > 1 && !still.matches) line.count.animate([{ scale: 1.7 }, { scale: 0.94, offset: 0.7 }, { scale: 1 }], { duration: 180, easing: "ease-out" });
    return sum;
  }

  remove(id) {
    for (const [key, line] of this.lines) {
      if (line.gifts.delete(id) && this.count(line, false) < 1) this.close(key);
    }
  }

  async close(key) {
    const line = this.lines.get(key);
    if (!line) return;
    clearTimeout(line.timer);
    this.lines.delete(key);
    await line.element.animate([{ opacity: 1 }, { opacity: 0 }], { duration: 180 }).finished;
    line.element.remove();
  }

  /** A sentence that stays for a moment: the creator says thanks. */
  async note(place, text) {
    const element = part("stage__note");
    element.append(part("stage__heart"), part("", text));
    place.append(element);
    while (place.children.length > 2) place.firstElementChild.remove();
    await element.animate([{ opacity: 0, translate: still.matches ? "0 0" : "0 10px" }, { opacity: 1, translate: "0 0", offset: 0.06 }, { opacity: 1, offset: 0.92 }, { opacity: 0 }], { duration: 4_200 }).finished;
    element.remove();
  }
}
