// The director of a room: gets every gift and decides what is played when. Small gifts run at
// once, as many as the eye can follow; medium and large ones wait their turn; what is too much is
// merged. Nothing is dropped: all of it is counted.
import { Governor } from "./governor.js";
import { sceneOf } from "./scenes/index.js";
import { Lane } from "./lane.js";
import { ComboLines } from "./combo_lines.js";
import { Announcer } from "./announcer.js";
import { put } from "./phrases.js";

const FRESH_MS = 20_000; // replayed after a cut: what is older is history, not a show
const MOST_REMEMBERED = 2_000;
const SECOND = 1_000;
const BUSY = 6; // gifts in a second: scenes get lean
const RUSH = 16; // gifts in a second: few scenes at once
const AT_ONCE = { sticker: { calm: 6, rush: 2 }, small: { calm: 3, rush: 1 } };

export class Director {
  constructor(stage) {
    this.stage = stage;
    this.words = stage.words;
    this.gifts = new Map(); // id -> gift, announced and shown
    this.playing = new Map(); // combo -> {play, ids}
    this.arrivals = [];
    this.governor = new Governor({
      busy: () => this.busy(),
      change: (level) => this.#adapt(level),
    });
    const spoken = stage.element.dataset.announcer !== "off";
    this.announcer = spoken ? new Announcer(stage.element, this.words) : null;
    this.comboLines = new ComboLines(stage.layer("combo-lines"), this.words, stage.address);
    this.notes = stage.layer("notes");
    const play = (gift, how) => stage.play(gift, { ...how, lean: this.lean() });
    this.lanes = {
      side: new Lane({ play, words: this.words, most: 3 }),
      frame: new Lane({
        play,
        words: this.words,
        most: 6,
        moved: (waiting) => this.comboLines.next(waiting),
      }),
    };
    this.#listen();
  }

  #listen() {
    document.addEventListener("live:gift", ({ detail }) => detail?.id && this.gift(detail));
    document.addEventListener("live:undo", ({ detail }) => this.undo(detail.id));
    document.addEventListener(
      "live:hide",
      ({ detail }) => detail.id && this.hideMessage(detail.id),
    );
    document.addEventListener("live:thanks", ({ detail }) => this.thanks(detail));
    document.addEventListener("live:rewind", () => this.#rewind());
    if (this.stage.element.dataset.tests === "on")
      document.addEventListener("live:test", ({ detail }) => this.show(this.stage.look(detail)));
    document.addEventListener("visibilitychange", () =>
      document.hidden ? this.#leave() : this.comboLines.welcome(),
    );
  }

  /** How many gifts came within the last second. */
  rate() {
    const now = performance.now();
    while (this.arrivals.length && now - this.arrivals[0] > SECOND) this.arrivals.shift();
    return this.arrivals.length;
  }

  busy = () => this.rate() > BUSY;

  lean = () => this.governor.level > 0 || this.busy();

  /** The machine is behind, or has caught up. */
  #adapt(level) {
    const calm = level > 1;
    this.comboLines.calm = calm;
    if (calm) for (const { play } of this.playing.values()) play.stop("stopped");
    this.stage.setCalm(calm);
  }

  gift(detail) {
    if (this.gifts.has(detail.id)) return;
    const gift = this.stage.look(detail);
    this.gifts.set(gift.id, gift);
    if (this.gifts.size > MOST_REMEMBERED) this.gifts.delete(this.gifts.keys().next().value);
    this.announcer?.gift(gift);
    this.stage.meet(gift);
    if (Date.now() - new Date(gift.at ?? Date.now()).getTime() > FRESH_MS) return;
    this.arrivals.push(performance.now());
    this.governor.wake();
    if (document.hidden) this.comboLines.missed(gift);
    else this.show(gift);
  }

  show(gift) {
    if (gift.kind === "medium") return this.lanes.side.add(gift);
    if (gift.kind === "large" || gift.kind === "full") {
      sceneOf(gift); // fetched while it waits
      return this.lanes.frame.add(gift);
    }
    return this.#small(gift);
  }

  #small(gift) {
    const { key, count } = this.comboLines.add(gift);
    const running = this.playing.get(key);
    if (running) {
      running.ids.add(gift.id);
      running.play.again(gift, count);
      return;
    }
    if (this.governor.level > 1) return; // its line counts it
    const most = AT_ONCE[gift.kind] ?? AT_ONCE.sticker;
    const same = [...this.playing.values()].filter(
      ({ play }) => play.gift.kind === gift.kind,
    ).length;
    if (same >= (this.rate() > RUSH ? most.rush : most.calm)) return;
    const play = this.stage.play(gift, { lean: this.lean() });
    this.playing.set(key, { play, ids: new Set([gift.id]) });
    play.done.then(() => this.playing.get(key)?.play === play && this.playing.delete(key));
  }

  undo(id) {
    const gift = this.gifts.get(id);
    if (!gift || gift.undone) return;
    gift.undone = true;
    this.announcer?.undo(gift);
    this.comboLines.remove(id);
    let others = false;
    for (const { play, ids } of this.playing.values()) {
      if (!ids.delete(id)) continue;
      others = ids.size > 0;
      if (others) play.fewer(gift.quantity);
      else play.stop("undone");
    }
    for (const lane of Object.values(this.lanes)) others ||= lane.remove(id);
    this.stage.undo(id, { keep: others });
  }

  /** Moderators hid the message of a gift; the gift stays. */
  hideMessage(id) {
    const gift = this.gifts.get(id);
    if (!gift?.message) return;
    this.announcer?.hideMessage(gift.message);
    gift.message = "";
    this.comboLines.hideMessage(gift);
    for (const lane of Object.values(this.lanes)) lane.hideMessage(id);
  }

  thanks(detail) {
    const text = put(this.words.thanks, {
      by: detail.by,
      to: detail.to || this.words.somebody,
      gift: detail.name,
    });
    this.announcer?.say(text);
    this.comboLines.note(this.notes, text);
  }

  /** A replay begins anew somewhere else: nothing was sent yet. */
  #rewind() {
    for (const lane of Object.values(this.lanes)) lane.clear();
    for (const id of this.gifts.keys()) this.comboLines.remove(id);
    this.gifts.clear();
    this.stage.rewind();
  }

  /** The page is hidden: only numbers are kept for later. */
  #leave() {
    for (const lane of Object.values(this.lanes))
      for (const gift of lane.clear()) this.comboLines.missed(gift);
    this.stage.stop("stopped");
  }
}
