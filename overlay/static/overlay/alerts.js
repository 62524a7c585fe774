// The queue of alerts: one after the other, each once. A gift counts as shown when its alert was on
// screen for half its time; cut short before that, it is shown again. What the creator's console
// says (pause, skip, again) happens here.
import { Card } from "./card.js";
import { Alert, OLD_MS, join } from "./merging.js";

// a card stands at least so long, and longer when there is something to read
const LEAST_MS = 4_200;
const READ_MS = 45; // per letter
const PATIENCE_MS = 3_000; // for a scene that was fetched late
const AGAIN_MS = 2_600; // one press more of a combo on screen
const HURRY = [
  [8, 0.6],
  [4, 0.8],
]; // so many waiting: this pace
const BREATH_MS = 350;
const LATE_MS = 20_000; // a skip or a test that comes later is not meant for what plays now

/**
 * What the creator chose, as the state of the overlay says it.
 * @typedef {{paused: boolean, least_coins: number, muted: string[], show_messages: boolean,
 *   speak_from_coins: number | null, voice_language: string, volume: number, sound: boolean,
 *   show_goal: boolean, show_supporters: boolean, show_ticker: boolean}} Settings
 *
 * The alert on screen. `ids`: its gifts that count as shown; `half` and `end` are timers.
 * @typedef {{alert: Alert, card: Card, scene: import("../gifts/stage/play.js").Play, length: number,
 *   ids: Set<string>, began: number, half?: number, end?: number, spoken?: Promise<void>,
 *   done?: boolean, over?: boolean}} Playing
 */

export class Alerts {
  constructor({ stage, place, cursor, voice, phrases, settings }) {
    this.stage = stage;
    this.place = place;
    this.cursor = cursor;
    this.voice = voice;
    this.phrases = phrases;
    /** @type {Settings} */
    this.settings = settings;
    /** @type {Alert[]} */
    this.waiting = [];
    /** @type {Playing | null} */
    this.playing = null;
    this.undone = new Set();
    this.skipped = new Set();
    this.behind = 0; // how far this machine's clock is from the server's
  }

  /** The least event that is not shown yet. */
  lowest() {
    const open = this.waiting.flatMap((alert) => alert.events);
    if (this.playing && !this.playing.done) open.push(...this.playing.alert.events);
    return Math.min(...open);
  }

  age = (gift) => Date.now() + this.behind - new Date(gift.at ?? Date.now()).getTime();

  use(settings) {
    this.settings = settings;
    for (const alert of [...this.waiting]) {
      if (!alert.test && !alert.again)
        for (const gift of [...alert.gifts.values()])
          if (!this.#announced(gift)) this.#drop(alert, gift);
    }
    this.pause(settings.paused);
  }

  #announced = (gift) =>
    gift.coins >= this.settings.least_coins && !this.settings.muted.includes(gift.gift);

  /** Take a gift in. Its event is known to be new. */
  gift(gift) {
    if (this.undone.has(gift.id) || this.skipped.has(gift.id) || !this.#announced(gift))
      return this.cursor.mark(gift.event_id);
    const shown = this.settings.show_messages ? gift : { ...gift, message: "" };
    const old = this.age(gift) > OLD_MS;
    const now = this.playing;
    if (!old && now?.alert.continues(shown) && !now.over) return this.#more(now, shown);
    join(this.waiting, shown, { old });
    return this.#next();
  }

  test(gift) {
    if (this.age(gift) < LATE_MS) this.waiting.push(new Alert(gift));
    this.#next();
  }

  /** Do what the console says; `event` is the id of its event. */
  control({ do: what, id, gifts, event_id: event, ...rest }) {
    if (what === "replay") {
      for (const gift of gifts)
        this.waiting.push(
          new Alert(
            { ...gift, message: this.settings.show_messages ? gift.message : "" },
            { again: event },
          ),
        );
      return this.#next();
    }
    if (what === "skip" && (id || this.age(rest) < LATE_MS)) this.skip(id);
    if (what === "pause" || what === "resume") this.pause(what === "pause");
    return this.cursor.mark(event);
  }

  pause(paused) {
    this.settings.paused = paused;
    if (!paused) return this.#next();
    const now = this.playing;
    if (!now || now.over) return undefined;
    // Before its half it was not shown: it comes again, first of all.
    for (const id of now.ids) now.alert.gifts.delete(id);
    if (now.alert.gifts.size) this.waiting.unshift(now.alert);
    return this.#end("paused");
  }

  /** Take away the alert on screen, or that of one gift wherever it is. It counts as shown. */
  skip(id) {
    if (!id || this.playing?.alert.gifts.has(id)) {
      if (this.playing && !this.playing.over) {
        this.#shown(this.playing);
        this.#end("skipped");
      }
      return;
    }
    this.skipped.add(id);
    for (const alert of [...this.waiting])
      if (alert.gifts.has(id)) this.#drop(alert, alert.gifts.get(id));
  }

  undo(id) {
    this.undone.add(id);
    for (const alert of [...this.waiting])
      if (alert.gifts.has(id)) this.#drop(alert, alert.gifts.get(id));
    const now = this.playing;
    const gift = now?.alert.gifts.get(id);
    if (!now || !gift) return;
    now.alert.gifts.delete(id);
    this.cursor.mark(...[gift.event_id].filter(Boolean));
    if (now.alert.gifts.size) {
      now.card.show(now.alert);
      return;
    }
    this.stage.undo(id);
    this.#end("undone");
  }

  /** Moderators hid the message of a gift. */
  hide(id) {
    for (const alert of [...this.waiting, ...(this.playing ? [this.playing.alert] : [])]) {
      const gift = alert.gifts.get(id);
      if (gift) alert.gifts.set(id, { ...gift, message: "" });
    }
    if (!this.playing?.alert.gifts.has(id)) return;
    this.voice.stop();
    this.playing.card.show(this.playing.alert);
  }

  #drop(alert, gift) {
    const { events } = alert;
    alert.gifts.delete(gift.id);
    if (!alert.gifts.size) this.waiting.splice(this.waiting.indexOf(alert), 1);
    if (alert.again) this.#settled(events);
    else this.cursor.mark(...[gift.event_id].filter(Boolean));
  }

  /** An event of many alerts is done when none of them is left. */
  #settled(events) {
    const open = new Set(this.waiting.flatMap((alert) => alert.events));
    this.cursor.mark(...events.filter((id) => !open.has(id)));
  }

  #next() {
    if (this.playing || this.settings.paused) return;
    const alert = this.waiting.shift();
    if (!alert) return;
    const pace = HURRY.find(([many]) => this.waiting.length >= many)?.[1] ?? 1;
    const gift = alert.star;
    // The scene's caption is the card's matter, and what many sent stands on the card alone.
    const scene = this.stage.play(
      { ...gift, id: gift.id, message: "" },
      { pace, lean: Boolean(alert.crowd) },
    );
    const card = new Card(this.place, this.phrases).show(alert);
    const length =
      Math.max(
        LEAST_MS + alert.message.length * READ_MS,
        gift.duration_ms,
        alert.crowd ? 6_500 : 0,
      ) * pace;
    /** @type {Playing} */
    const now = { alert, card, scene, length, ids: new Set(), began: performance.now() };
    this.playing = now;
    now.half = setTimeout(() => this.#shown(now), length / 2);
    now.end = setTimeout(() => this.#over(now), length);
    now.spoken = this.#speak(alert);
    document.dispatchEvent(
      new CustomEvent("overlay:plays", { detail: { ids: [...alert.gifts.keys()] } }),
    );
  }

  #speak(alert) {
    const { speak_from_coins: from, voice_language: language, volume, sound } = this.settings;
    const coins = [...alert.gifts.values()].reduce((sum, gift) => sum + gift.coins, 0);
    if (from === null || coins < from || alert.crowd || !sound) return Promise.resolve();
    return this.voice.say(this.phrases.spoken(alert), { language, volume: volume / 100 });
  }

  /** One press more of the combo on screen: it counts up in place. */
  #more(now, gift) {
    now.alert.gifts.set(gift.id, gift);
    now.done = false;
    now.card.show(now.alert);
    now.scene.again(
      gift,
      [...now.alert.gifts.values()].reduce((sum, one) => sum + one.quantity, 0),
    );
    const left = Math.max(AGAIN_MS, now.began + now.length - performance.now());
    clearTimeout(now.half);
    clearTimeout(now.end);
    now.half = setTimeout(() => this.#shown(now), Math.min(left / 2, AGAIN_MS / 2));
    now.end = setTimeout(() => this.#over(now), left);
    document.dispatchEvent(new CustomEvent("overlay:plays", { detail: { ids: [gift.id] } }));
  }

  #shown(now) {
    now.done = true;
    const fresh = [...now.alert.gifts.keys()].filter((id) => !now.ids.has(id));
    for (const id of fresh) now.ids.add(id);
    if (now.alert.again) this.#settled(now.alert.events);
    else this.cursor.mark(...now.alert.events);
    if (fresh.length)
      document.dispatchEvent(
        new CustomEvent("overlay:shown", {
          detail: { ids: fresh, again: now.alert.again, test: now.alert.test },
        }),
      );
  }

  async #over(now) {
    const scene = Promise.race([now.scene.done, new Promise((go) => setTimeout(go, PATIENCE_MS))]);
    // never two voices at once, never a voice without its alert
    await Promise.all([scene, now.spoken]);
    if (this.playing === now) this.#end("played");
  }

  async #end(why) {
    const now = this.playing;
    if (!now || now.over) return;
    now.over = true;
    clearTimeout(now.half);
    clearTimeout(now.end);
    this.voice.stop();
    await Promise.all([now.card.leave(), now.scene.stop(why)]);
    await new Promise((go) => setTimeout(go, BREATH_MS));
    this.playing = null;
    this.#next();
  }
}
