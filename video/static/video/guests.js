// The guests of a stream beside its creator: a tile with a player each, kept at the creator's moment.
// The room's one sound is theirs too; who is muted is heard by nobody.
import { find, make } from "../js/page.js";
import { CATCHING_UP, Player } from "./playing.js";
import { leadOf, stepOf } from "./step.js";

const STEP_MS = 250;
const STARVED_S = 0.4;
const CALM_MS = 4_000;
const SEEN = ["live", "gap"];
const NO_CATCHING_UP = { maxLiveSyncPlaybackRate: 1 }; // their pace is ours

/**
 * @typedef {{id: string, seat: number, name: string, handle: string, picture: string,
 *   muted: boolean, state?: string, src?: string}} Guest
 * @typedef {{player: Player, still(): boolean}} Room
 */

const ahead = (video) => {
  const { buffered, currentTime } = video;
  return buffered.length ? buffered.end(buffered.length - 1) - currentTime : 0;
};

class Tile {
  /** @param {HTMLElement} root @param {Guest} guest */
  constructor(root, guest) {
    this.root = root;
    this.guest = guest;
    this.state = guest.state ?? "";
    this.src = guest.src ?? "";
    this.jumped = 0;
    this.video = /** @type {HTMLVideoElement} */ (find("video", root));
    this.player = new Player(this.video, NO_CATCHING_UP);
    this.video.addEventListener("playing", () => this.player.src && this.draw());
  }

  draw() {
    const { guest, root } = this;
    const gap = this.state === "gap";
    // Without a name there is none that the creator's words let be shown: no handle either.
    if (guest.name) find("[data-guest-tile-name]", root).textContent = guest.name;
    find("[data-guest-tile-muted]", root).hidden = !guest.muted;
    find("[data-guest-tile-gap]", root).hidden = !gap;
    const face = find("[data-guest-tile-face]", root);
    if (guest.picture)
      face.replaceChildren(Object.assign(make("", "", "img"), { src: guest.picture }));
    else face.textContent = [...guest.name][0] ?? "";
    this.video.hidden = gap || !this.player.src;
  }

  /** Play what there is, or rest. */
  play(still) {
    if (still || this.state !== "live") this.player.rest();
    else if (this.src !== this.player.src) this.player.show(this.src);
    this.draw();
  }

  end() {
    this.player.leave();
    this.root.remove();
  }
}

export class Tiles {
  /** @param {HTMLElement} box @param {Room | undefined} room */
  constructor(box, room) {
    this.box = box;
    this.room = "guestTilesAlone" in box.dataset ? undefined : room;
    this.scene = box.closest(".scene");
    this.own = box.dataset.guestTilesOwn; // a guest sees themselves elsewhere
    this.silent = true; // where there is no room's sound to follow
    this.still = room?.still() ?? false;
    /** @type {Map<string, Tile>} */
    this.tiles = new Map();
    /** @type {Map<string, {state: string, src: string}>} pictures, also of who is not seated yet */
    this.pictures = new Map();
    this.dressed = false; // nothing is shown before its sheet is there
    this.dress();
    const guests = JSON.parse(box.dataset.guests || "[]");
    for (const { id, state, src } of guests) this.pictures.set(id, { state, src });
    this.seat(guests);
    setInterval(() => this.step(), STEP_MS);
    this.follow();
  }

  dress() {
    const href = this.box.dataset.guestTilesCss ?? "";
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    sheet.addEventListener("load", () => {
      this.dressed = true;
      this.settle();
    });
    document.head.append(sheet);
  }

  follow() {
    document.addEventListener("video:still", ({ detail }) => {
      this.still = detail.still;
      for (const tile of this.tiles.values()) tile.play(this.still);
    });
    document.addEventListener("live:ended", () => this.seat([]));
    const lead = this.room?.player;
    if (!lead) return;
    lead.video.addEventListener("volumechange", () => this.hear());
    // Who pauses the picture pauses all of it; a creator's gap pauses nobody else.
    lead.video.addEventListener("pause", () => {
      if (lead.src) for (const { video } of this.tiles.values()) video.pause();
    });
    lead.video.addEventListener("play", () => {
      for (const { player } of this.tiles.values()) if (player.src) player.play();
    });
  }

  /** Seat these guests and no others. @param {Guest[]} guests */
  seat(guests) {
    const here = guests.filter(({ id }) => id !== this.own);
    for (const [id, tile] of this.tiles)
      if (!here.some((guest) => guest.id === id)) {
        tile.end();
        this.tiles.delete(id);
      }
    for (const guest of here) {
      const tile = this.tiles.get(guest.id);
      if (tile) tile.guest = guest;
      else this.place({ ...guest, ...this.pictures.get(guest.id) });
    }
    this.settle();
  }

  /** Show a guest's picture, or that it is away. */
  show({ guest, state, src }) {
    this.pictures.set(guest, { state, src });
    const tile = this.tiles.get(guest);
    if (tile) Object.assign(tile, { state, src });
    this.settle();
  }

  place(guest) {
    const shape = /** @type {HTMLTemplateElement} */ (find("template[data-guest-tile]", this.box));
    const root = /** @type {HTMLElement} */ (
      /** @type {Element} */ (shape.content.firstElementChild).cloneNode(true)
    );
    root.dataset.guest = guest.id;
    this.box.append(root);
    this.tiles.set(guest.id, new Tile(root, guest));
  }

  /** Draw all of it: who has a picture has a tile, in the order of the seats. */
  settle() {
    const seen = [...this.tiles.values()].filter(({ state }) => SEEN.includes(state));
    seen.sort((one, other) => one.guest.seat - other.guest.seat);
    for (const tile of this.tiles.values()) tile.root.hidden = !seen.includes(tile);
    for (const [place, { root }] of seen.entries()) root.style.order = String(place);
    for (const tile of this.tiles.values()) tile.play(this.still);
    this.box.hidden = !(seen.length && this.dressed);
    this.box.dataset.count = String(seen.length);
    if (this.scene) {
      if (seen.length && this.dressed) this.scene.setAttribute("data-guests", String(seen.length));
      else this.scene.removeAttribute("data-guests");
    }
    this.lead(seen.length > 0);
    this.hear();
    document.dispatchEvent(new CustomEvent("video:guests", { detail: { count: seen.length } }));
  }

  /** With guests the creator's picture keeps a pace that theirs can follow. */
  lead(beside) {
    const lead = this.room?.player;
    if (!lead) return;
    const rate = beside ? 1 : CATCHING_UP;
    lead.config.maxLiveSyncPlaybackRate = rate;
    if (lead.hls) lead.hls.config.maxLiveSyncPlaybackRate = rate;
  }

  hear() {
    const heard = this.room?.player.video;
    for (const { guest, video } of this.tiles.values()) {
      video.muted = guest.muted || (heard ? heard.muted : this.silent);
      if (heard) video.volume = heard.volume;
    }
  }

  step() {
    const lead = this.room?.player;
    const now = lead?.src && !lead.video.paused ? lead.date() : undefined;
    if (!lead || !now) return;
    let starving = false;
    let beside = 0;
    for (const tile of this.tiles.values()) {
      const { player, video, root } = tile;
      const date = player.src ? player.date() : undefined;
      if (!date) continue;
      beside += 1;
      const off = (date - now) / 1_000;
      root.dataset.off = off.toFixed(2); // seconds from the creator's moment
      const left = ahead(video);
      starving ||= off < -STARVED_S && left < STARVED_S;
      const { jump, rate } = stepOf(off);
      video.playbackRate = rate;
      // A jump takes a moment to load: until then the next one would only begin it anew.
      if (!jump || jump >= left || video.seeking || tile.jumped > Date.now() - CALM_MS) continue;
      tile.jumped = Date.now();
      video.currentTime += jump;
    }
    if (beside && lead.hls) lead.video.playbackRate = leadOf(lead.hls.latency, starving);
  }
}
