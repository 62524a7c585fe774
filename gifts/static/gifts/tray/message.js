// The message with a gift: how long it may be depends on the gift. Nothing is cut off: a counter
// says when it gets tight, and what is too long is not sent until it is shorter.
import { figure } from "../../js/page.js";

const TIGHT = 20;
const length = (text) => [...text].length;

export class MessageField {
  constructor(label, tiles) {
    this.field = label.querySelector("input");
    this.counter = label.querySelector("[data-left]");
    this.aloud = label.querySelector("[data-left-aloud]");
    this.says = label.dataset;
    this.longest = Math.max(...tiles.map((tile) => Number(tile.dataset.message)));
    this.tile = null;
    this.field.addEventListener("input", () => this.count());
  }

  get text() {
    return this.field.value.trim();
  }

  get most() {
    return this.tile ? Number(this.tile.dataset.message) : this.longest;
  }

  /** Another gift is chosen: another length holds. */
  choose(tile) {
    this.tile = tile;
    this.field.placeholder = this.most ? this.says.says : this.says.none;
    this.count();
  }

  count() {
    const left = this.most - length(this.text);
    const shown = length(this.text) > 0 && left <= TIGHT;
    this.counter.textContent = shown ? figure(left) : "";
    this.counter.classList.toggle("is-over", left < 0);
    if (shown && left < 0) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
    // Screen readers get round figures only, not each letter.
    if (!shown) this.aloud.textContent = "";
    else if (left < 0 || left % 5 === 0)
      this.aloud.textContent = (left < 0 ? this.says.over : this.says.someLeft).replace(
        "{count}",
        Math.abs(left),
      );
  }

  /** Return why these words cannot go with this gift; nothing when they can. */
  refusal(tile) {
    const most = Number(tile.dataset.message);
    const many = length(this.text);
    if (many <= most) return "";
    return (most ? this.says.long : this.says.mute)
      .replace("{length}", many)
      .replace("{most}", most)
      .replace("{gift}", tile.dataset.name);
  }

  /** These words are on their way. */
  sent(text) {
    if (!text || this.text !== text) return;
    this.field.value = "";
    this.count();
  }
}
