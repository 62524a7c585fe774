// One gift being played: its place on the stage, its caption, its scene, and the ways it can end.
import { make } from "../../js/page.js";
import { Clock } from "./clock.js";
import { dye } from "./light.js";
import { makeKit } from "./kit.js";
import { sceneOfKind, sceneOf } from "./scenes/index.js";
import { put } from "./phrases.js";

const IN_MS = 160;
const OUT_MS = 320;
const PATIENCE_MS = 1_500; // for a scene that is still being fetched; then its time runs
const STILL_BEST_MS = 1_000;
// what came to rest is looked at for a moment, and a combo has time to go on
const AFTERGLOW_MS = { sticker: 900 };

export class Play {
  #over = false;
  /** @type {[StageGift, number] | null} a press that came while the scene was fetched */
  #pressed = null;
  #sum = 1; // presses of the combo that its scene shows; its line may be gone before the scene is
  /** @type {ReturnType<typeof makeKit> | null} */
  #kit = null;
  /** @type {(why: string) => void} */
  #settle = () => {};
  /** @type {HTMLElement | undefined} the caption */
  words;
  /** @type {HTMLElement | undefined} how much is left, of a scene that fills the frame */
  left;
  /** @type {Animation | undefined} */
  timer;
  /** @type {Clock | undefined} the clock that ends it; a still has one of its own */
  ends;
  /** @type {(() => void) | undefined} takes the end back */
  forget;

  constructor(stage, gift, { pace = 1, lean = false, still = false, manual = false } = {}) {
    this.stage = stage;
    this.gift = gift;
    this.pace = pace;
    this.lean = lean;
    this.still = still;
    this.manual = manual;
    this.length = gift.duration_ms * pace;
    this.best = STILL_BEST_MS;
    this.clock = new Clock({ manual: manual || still });
    this.box = make("play__scene");
    /** @type {Promise<string>} why it ended */
    this.done = new Promise((settle) => {
      this.#settle = settle;
    });
    this.root = make(`play play-${gift.kind}`);
    dye(this.root, gift.gift);
    if (gift.kind === "full") this.#dressFull();
    if (stage.captions && ["medium", "large", "full"].includes(gift.kind)) {
      this.words = make("play__caption");
      this.root.append(this.words);
      this.say(gift);
    }
    this.root.append(...(this.furniture ?? []));
    stage.place(this.root, gift.kind);
    if (gift.kind === "full" && stage.full === "window") {
      this.root.showPopover?.();
      document.dispatchEvent(new CustomEvent("stage:full"));
    }
    if (!stage.calm)
      this.root.animate([{ opacity: 0 }, { opacity: 1 }], { duration: IN_MS, easing: "ease-out" });
    this.ready = this.#begin();
  }

  /** Say who sent what. Said again when others join in, or one of them takes theirs back. */
  say({ who, what, message }) {
    if (!this.words) return;
    this.words.replaceChildren(
      make("play__who", who, "span"),
      make("play__what", put(this.stage.words.did, { gift: what }), "span"),
    );
    if (message) this.words.append(make("play__message", message, "q"));
  }

  #dressFull() {
    // the top layer: over whatever the page has pinned
    if (this.stage.full === "window") this.root.popover = "manual";
    this.left = make("play__remaining");
    this.furniture = [this.left];
    if (!this.stage.skippable) return;
    const skip = make("play__skip button button-small", this.stage.words.skip, "button");
    skip.type = "button";
    skip.addEventListener("click", () => this.stop("skipped"));
    this.furniture.unshift(skip);
    const onKey = (event) =>
      event.key === "Escape" && !document.querySelector("dialog:modal") && this.stop("skipped");
    document.addEventListener("keydown", onKey);
    this.done.then(() => document.removeEventListener("keydown", onKey));
  }

  async #begin() {
    this.box.setAttribute("aria-hidden", "true");
    this.root.prepend(this.box);
    const clock = this.clock;
    this.scene = await sceneOf(this.gift);
    if (this.#over || clock !== this.clock) return;
    try {
      await this.#draw(this.scene);
    } catch (error) {
      if (this.#over || clock !== this.clock) return;
      console.warn(`The scene of ${this.gift.gift} did not play.`, error);
      this.#kit?.end();
      this.box.replaceChildren();
      this.scene = await sceneOfKind(this.gift.kind);
      await this.#draw(this.scene);
    }
    if (this.#over || clock !== this.clock) return;
    this.best = this.scene.best ?? Math.min(STILL_BEST_MS, this.length / 2);
    if (this.still) this.seek(Math.min(this.best * this.pace, this.length));
    this.#count();
  }

  async #draw(scene) {
    const { stage, gift, box, clock, still, lean, pace, length } = this;
    const made = makeKit({ stage, gift, box, clock, still, lean, pace, length });
    this.#kit = made;
    const drawn = scene.play(box, gift, made.kit);
    if (drawn?.then) await Promise.race([drawn, new Promise((go) => setTimeout(go, PATIENCE_MS))]);
  }

  /** From now on its time runs. A still stands as long as the scene would have played. */
  #count() {
    if (this.manual) return;
    this.ends = this.still ? new Clock() : this.clock;
    this.#endLater();
    if (this.left && !this.stage.calm)
      this.timer = this.left.animate([{ scale: "1 1" }, { scale: "0 1" }], {
        duration: this.length,
        fill: "forwards",
      });
    if (this.#pressed) this.again(...this.#pressed);
    this.#pressed = null;
  }

  #endLater() {
    this.forget?.();
    const ms = this.length + (AFTERGLOW_MS[this.gift.kind] ?? 0);
    this.forget = this.ends?.after(ms, () => this.stop("played"));
  }

  /** The same sender pressed again: the scene goes on, and counts. */
  again(gift, count) {
    if (this.#over) return;
    if (!this.forget || !this.#kit) {
      this.#pressed = [gift, count];
      return;
    }
    this.#endLater();
    this.#sum = count;
    const { kit } = this.#kit;
    try {
      kit.gift = gift;
      this.scene.combo?.(this.box, gift, count, kit);
    } catch (error) {
      console.warn(`The combo of ${gift.gift} did not play.`, error);
    }
  }

  /** One of several presses was taken back: what the scene built with it comes down. */
  fewer(quantity) {
    if (this.#over || !this.forget || !this.#kit) return;
    this.#sum -= quantity;
    this.scene.fewer?.(this.box, this.gift, this.#sum, this.#kit.kit);
  }

  /** The message of a gift was hidden: it plays on without it. */
  hideMessage(gift) {
    if (this.#over) return;
    this.gift = { ...this.gift, message: "" };
    this.say(gift);
    for (const words of this.box.querySelectorAll("[data-message]")) words.remove();
  }

  /** Draw it anew: movement is wanted, or not wanted any more. */
  redraw({ still }) {
    if (this.#over || still === this.still) return;
    this.still = still;
    this.ends?.clear();
    this.clock.clear();
    this.#kit?.end();
    this.timer?.cancel();
    this.box.remove();
    this.clock = new Clock({ manual: this.manual || still });
    this.box = make("play__scene");
    this.ready = this.#begin();
  }

  pause() {
    if (this.#over) return;
    this.clock.pause();
    this.ends?.pause();
    this.#kit?.pause();
    this.timer?.pause();
  }

  resume() {
    if (this.#over) return;
    this.clock.resume();
    this.ends?.resume();
    if (!this.still) this.#kit?.resume();
    this.timer?.play();
  }

  /** Show one moment of a scene that is played by hand (`manual`). */
  seek(ms) {
    this.clock.seek(ms);
    this.#kit?.seek(ms);
  }

  /** It fades and is gone. `why`: played, skipped, undone, stopped. */
  stop(why = "stopped") {
    if (this.#over) return this.done;
    this.#over = true;
    this.clock.clear();
    this.ends?.clear();
    const ms = this.stage.calm ? 0 : OUT_MS;
    const out = this.root.animate([{ opacity: 1 }, { opacity: 0 }], {
      duration: ms,
      easing: "ease-in",
      fill: "forwards",
    });
    const leave = () => {
      this.#kit?.end();
      this.root.remove();
      this.#settle(why);
    };
    // A hidden page draws no frames, and an animation in it may never end.
    const late = setTimeout(leave, ms + 200);
    out.finished.then(
      () => {
        clearTimeout(late);
        leave();
      },
      () => undefined,
    );
    return this.done;
  }
}
