// Watches the browser's own frame clock while many gifts come, and says how much the page can show:
// 0 everything, 1 lean scenes, 2 stills and figures only. On a machine that keeps up nothing
// changes. When the rain is over, all of it is back.

const WINDOW_MS = 400;
const ENOUGH = 0.93; // of the frames the page had when nothing happened
const USUAL = 60;
const DRY_MS = 2_500;
const ASLEEP_MS = 5_000;

export class Governor {
  constructor({ busy, change }) {
    this.busy = busy;
    this.change = change;
    this.level = 0;
    this.running = false;
    this.wet = 0; // when there were last many gifts
  }

  /** Gifts come: begin to look, if they are many. */
  wake() {
    if (this.running || !this.busy()) return;
    this.running = true;
    this.wet = performance.now();
    this.#look(performance.now(), 0);
  }

  #look(since, frames) {
    requestAnimationFrame((now) => {
      if (this.busy()) this.wet = now;
      else if (now - this.wet > DRY_MS) return this.#rest();
      if (now - since < WINDOW_MS) return this.#look(since, frames + 1);
      const rate = ((frames + 1) / (now - since)) * 1_000;
      // A page that was hidden, or a machine that slept, says nothing about gifts.
      if (now - since < ASLEEP_MS && !document.hidden && rate < USUAL * ENOUGH)
        this.#set(Math.min(2, this.level + 1));
      return this.#look(now, 0);
    });
  }

  #rest() {
    this.running = false;
    this.#set(0);
  }

  #set(level) {
    if (level === this.level) return;
    this.level = level;
    this.change(level);
  }
}
