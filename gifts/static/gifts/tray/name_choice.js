// Under which name a gift goes out: everywhere, in the room only, or nowhere. The button always
// says what the room will see. "In the room only" is kept by the server before it counts; "nowhere"
// goes along with each gift and is remembered here.
import { saveSetting } from "./confirm.js";

export class NameChoice {
  /** `changed()` is called when another name holds. */
  constructor(box, { changed }) {
    this.box = box;
    this.changed = changed;
    this.button = box.querySelector("[data-names-button]");
    this.sheet = box.querySelector("[data-names-sheet]");
    this.status = box.querySelector("[data-names-status]");
    this.store = `nowhere:${box.dataset.who}`;
    this.kept = box.dataset.kept; // what the server has: everywhere or room
    this.holds = localStorage.getItem(this.store) ? "nowhere" : this.kept;
    this.show();
    box.addEventListener(
      "change",
      (event) => event.target.name === "shown" && this.choose(event.target.value),
    );
    this.sheet.addEventListener(
      "beforetoggle",
      (event) => event.newState === "open" && this.place(),
    );
    this.sheet.addEventListener(
      "toggle",
      (event) => event.newState === "open" && this.sheet.querySelector(":checked")?.focus(),
    );
  }

  get anonymous() {
    return this.holds === "nowhere";
  }

  /** Who the room sees. */
  get seen() {
    return this.box.dataset[this.anonymous ? "somebody" : "name"];
  }

  async choose(wish) {
    this.status.textContent = "";
    if (wish !== "nowhere" && wish !== this.kept) {
      const answer = await saveSetting(this.box.dataset.save, {
        private_supporter: wish === "room" ? "1" : "0",
      });
      if (answer?.status !== 204) {
        this.status.textContent = this.box.dataset.lost;
        this.show();
        return;
      }
      this.kept = wish;
    }
    if (wish === "nowhere") localStorage.setItem(this.store, "1");
    else localStorage.removeItem(this.store);
    this.holds = wish;
    this.show();
    this.changed();
  }

  show() {
    this.box.querySelector(`[name=shown][value=${this.holds}]`).checked = true;
    this.box.dataset.holds = this.holds;
    this.button.querySelector("[data-names-who]").textContent = this.seen;
    this.button.querySelector("[data-names-how]").hidden = this.holds !== "room";
  }

  /** Over the button, where there is room. */
  place() {
    const { top, right } = this.button.getBoundingClientRect();
    this.sheet.style.setProperty("--from-bottom", `${innerHeight - top + 8}px`);
    this.sheet.style.setProperty("--from-right", `${Math.max(8, innerWidth - right)}px`);
  }

  /** Draw what the room will see of this gift. */
  preview(tile, text) {
    const line = this.box.querySelector("[data-names-preview]");
    line.querySelector("[data-preview-who]").textContent = this.seen;
    const art = line.querySelector("img");
    art.hidden = !tile;
    if (tile) art.src = tile.querySelector(".tile__art").src;
    line.querySelector("[data-preview-what]").textContent = tile ? tile.dataset.name : "…";
    line.querySelector("[data-preview-text]").textContent = text;
  }
}
