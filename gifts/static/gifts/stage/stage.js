// The stage: an element over the video on which gifts are played. It plays a gift at
// once; which one waits is the director's matter in the room and the queue's in the overlay.
// Every `data-stage` of a page is dressed by itself.
import { Director } from "./director.js";
import { Play } from "./play.js";
import { figure, still } from "../../js/page.js";
import { put, phrasesOf, toWhom } from "./phrases.js";

const PLACES = { sticker: "edge", small: "lower", medium: "side", large: "frame", full: "frame" };
const STAYS = { sky: 8, decor: 12, edge: 6, quilt: 24 };
const MOST_KNOWN = 40;
const FADE_MS = 400;

/** A colour for a sender, the same every time. */
const hueOf = (name) =>
  [...name].reduce(
    (sum, letter) => Math.imul(sum ^ Number(letter.codePointAt(0)), 16_777_619) >>> 0,
    2_166_136_261,
  ) % 360;

export class Stage {
  #mood = 0;

  /** `full`: "window" (over the whole page) or "inside" (the stage only). `loud()` says whether
   * sound is wanted. */
  constructor(
    element,
    {
      base = "/static/",
      words = {},
      full = "window",
      captions = true,
      skippable = true,
      loud = () => /** @type {boolean} */ (false),
      room = element,
    } = {},
  ) {
    this.element = element;
    this.words = /** @type {Record<string, string>} */ ({ ...phrasesOf(element), ...words });
    this.full = full;
    this.captions = captions;
    this.skippable = skippable;
    this.loud = loud;
    this.moodOf = room;
    this.base = new URL(base, location.href);
    /** @type {Map<string, Play>} */
    this.running = new Map();
    /** @type {{id: string, handle: string, name: string}[]} who sent lately, newest first */
    this.known = [];
    this.memories = new Map();
    this.staying = new Set(); // {element, id, timer}
    /** @type {Map<string, (() => void)[]>} what scenes do when a gift is taken back */
    this.undoings = new Map();
    /** @type {Record<string, HTMLElement>} */
    this.places = {};
    element.classList.add("stage");
    for (const name of [
      ...Object.keys(STAYS).map((one) => `stay-${one}`),
      "edge",
      "lower",
      "side",
      "frame",
    ]) {
      this.places[name] = this.layer(name);
    }
    this.calm = false;
    still.addEventListener("change", () => this.#redraw());
  }

  still = () => still.matches || this.calm;

  /** The machine cannot move so much: what plays and what comes are stills, without fades, until it
   * can. */
  setCalm(calm) {
    this.calm = calm;
    this.#redraw();
  }

  #redraw() {
    for (const play of this.running.values()) play.redraw({ still: this.still() });
  }

  layer(name) {
    const layer = document.createElement("div");
    layer.className = `stage__${name}`;
    this.element.append(layer);
    return layer;
  }

  address = (path) => new URL(path, this.base).href;

  height = () => this.element.clientHeight;

  memory(slug) {
    if (!this.memories.has(slug)) this.memories.set(slug, new Map());
    return this.memories.get(slug);
  }

  /**
   * A gift as the stage speaks of it: who sent it and what it is, in words.
   * @param {LiveGift & {who?: string}} gift
   * @returns {StageGift}
   */
  look(gift) {
    const who = gift.who ?? (gift.from || this.words.somebody);
    const what =
      gift.quantity > 1
        ? put(this.words.several, { count: figure(gift.quantity), gift: gift.name })
        : gift.name;
    return { ...gift, who, what: toWhom(this.words, what, gift) };
  }

  /**
   * Remember who sent something; scenes put the last of them on their signs and into their boats.
   * @param {Partial<LiveGift>} gift
   */
  meet({ id = "", from, handle, private: hidden = false }) {
    if (!from || hidden) return;
    this.known = [
      { id, handle: handle || from, name: from },
      ...this.known.filter((one) => one.handle !== (handle || from)),
    ].slice(0, MOST_KNOWN);
  }

  supporters(count, gift) {
    const first =
      gift.from && !gift.private ? [{ handle: gift.handle || gift.from, name: gift.from }] : [];
    const all = [...first, ...this.known.filter((one) => one.handle !== first[0]?.handle)];
    return all.slice(0, count).map(({ handle, name }) => ({
      name,
      initial: [...name][0].toUpperCase(),
      hue: hueOf(handle),
    }));
  }

  /**
   * Play a gift now. Answers `{done, stop, pause, resume}`; with `manual` also `seek(ms)`.
   * @param {LiveGift} gift
   * @param {{pace?: number, lean?: boolean, manual?: boolean, still?: boolean}} [how]
   */
  play(gift, { pace, lean, manual, still = this.still() } = {}) {
    const play = new Play(this, this.look(gift), { pace, lean, manual, still });
    this.meet(gift);
    this.running.get(gift.id)?.stop();
    this.running.set(gift.id, play);
    play.done.then(() => this.running.get(gift.id) === play && this.running.delete(gift.id));
    return play;
  }

  place(root, kind) {
    // On a full screen only what lies in the element that fills it is seen.
    if (kind === "full" && this.full === "window")
      (document.fullscreenElement ?? document.body).append(root);
    else this.places[PLACES[kind] ?? "edge"].append(root);
  }

  /** Take a gift back, wherever it stands: it fades, and so does what it left in the room. `keep`:
   * its scene plays for others too. */
  undo(id, { keep = false } = {}) {
    const play = keep ? undefined : this.running.get(id);
    play?.stop("undone");
    for (const stay of this.staying) if (stay.id === id) this.#clear(stay);
    if (this.moodFrom === id) this.mood("", 0);
    for (const then of this.undoings.get(id) ?? []) then();
    this.undoings.delete(id);
    this.known = this.known.filter((one) => one.id !== id);
    return Boolean(play);
  }

  onUndo(id, then) {
    this.undoings.set(id, [...(this.undoings.get(id) ?? []), then]);
    if (this.undoings.size > 200) this.undoings.delete([...this.undoings.keys()][0]);
  }

  /** Keep an element where it was drawn after its scene is over. Of each place only so many stay:
   * the oldest goes. */
  stay(element, ms, place, { gift, box }) {
    const name = place in STAYS ? place : "sky";
    const layer = this.places[`stay-${name}`];
    const inside = this.element.contains(box);
    const ground = inside ? this.element.getBoundingClientRect() : box.getBoundingClientRect();
    const [left, top] = [
      box.getBoundingClientRect().left - ground.left,
      box.getBoundingClientRect().top - ground.top,
    ];
    let [x, y] = [left, top];
    for (let one = element; one && one !== box; one = one.offsetParent) {
      x += one.offsetLeft ?? 0;
      y += one.offsetTop ?? 0;
    }
    // before its style says otherwise
    const [wide, high] = [element.offsetWidth, element.offsetHeight];
    const style = element.style;
    style.position = "absolute";
    style.inset = "auto";
    style.margin = "0";
    style.left = `${(x / ground.width) * 100}%`;
    style.bottom = `${(1 - (y + high) / ground.height) * 100}%`;
    style.width = `${(wide / ground.width) * 100}%`;
    style.height = "auto";
    style.aspectRatio = `${wide} / ${high}`;
    layer.append(element);
    const stay = { element, id: gift.id, name };
    stay.timer = setTimeout(() => this.#clear(stay), ms);
    this.staying.add(stay);
    const here = [...this.staying].filter((one) => one.name === name);
    if (here.length > STAYS[name]) this.#clear(here[0]);
  }

  #clear(stay) {
    clearTimeout(stay.timer);
    this.staying.delete(stay);
    const out = stay.element.animate([{ opacity: 1 }, { opacity: 0 }], {
      duration: FADE_MS,
      fill: "forwards",
    });
    setTimeout(() => {
      for (const animation of stay.element.getAnimations({ subtree: true })) animation.cancel();
      out.cancel();
      stay.element.remove();
    }, FADE_MS);
  }

  /** Retune the room for a while; an empty name takes the mood away. */
  mood(name, ms, gift) {
    clearTimeout(this.#mood);
    this.moodFrom = gift?.id;
    if (!name) delete this.moodOf.dataset.mood;
    else {
      this.moodOf.dataset.mood = name;
      this.#mood = setTimeout(() => this.mood("", 0), ms);
    }
  }

  /** Take away all that plays, and what it left in the room. */
  rewind() {
    this.stop("stopped");
    for (const stay of this.staying) this.#clear(stay);
    this.mood("", 0);
  }

  stop(why) {
    for (const play of this.running.values()) play.stop(why);
  }
}

function dress(element) {
  if (element.dataset.dressed) return;
  element.dataset.dressed = "1";
  const room = element.closest("[data-room]") ?? element;
  const video = room.querySelector("video[data-video]");
  const stage = new Stage(element, {
    base: element.dataset.static,
    full: element.dataset.full,
    room,
    loud: () => Boolean(video && !video.muted && !video.paused),
  });
  for (const row of [...document.querySelectorAll("[data-supporters] > [data-handle]")].reverse()) {
    stage.meet({ from: row.querySelector("[data-who]")?.textContent, handle: row.dataset.handle });
  }
  element.director = new Director(stage);
}

document.querySelectorAll("[data-stage]").forEach(dress);
