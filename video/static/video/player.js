// The room's picture while its creator is live: HLS, by the browser itself where it can, else by
// hls.js, which is fetched then. A player that stands still is started anew.
import { find, whenLoaded } from "../js/page.js";
import { captions } from "./captions.js";
import { controls } from "./controls.js";
import { library, playsItself } from "./hls.js";
import { beginsStill, chosen } from "./kept.js";
import { addressOf, levelOf, quality } from "./quality.js";
import { Still, soundOf } from "./saver.js";
import { paceOf, Watch } from "./watch.js";

const LOOK_MS = 1_000;
const AGAIN_MS = 2_000;

const frame = find("[data-room]");
const video = /** @type {HTMLVideoElement | null} */ (frame.querySelector("video[data-video]"));

const CONFIG = {
  enableWorker: false, // it would need a script that the page's policy does not know
  backBufferLength: 10,
  maxBufferLength: 8,
  liveSyncDurationCount: 1,
  liveMaxLatencyDurationCount: 5,
  maxLiveSyncPlaybackRate: 1.15, // catches up by speed, unheard
  capLevelToPlayerSize: true,
  abrEwmaDefaultEstimate: 5_000_000, // as sent, until the line turns out to be slow
};

class Player {
  /** @param {HTMLVideoElement} element */
  constructor(element) {
    this.video = element;
    this.src = "";
    /** @type {any} */
    this.hls = undefined;
    this.turn = 0; // what was begun before the last change says nothing any more
    this.watch = new Watch();
    this.choice = () => "auto";
    /** Hears how many renditions there are. */
    this.levels = (/** @type {number} */ _count) => undefined;
    /** Hears that a playlist is not there; answers whether that is the end of it. */
    this.missing = (/** @type {string} */ _src) => false;
    setInterval(() => this.look(), LOOK_MS);
    addEventListener("online", () => this.src && this.show(this.src));
  }

  /** Show a playlist, from its newest segment on. */
  async show(src) {
    this.leave();
    this.src = src;
    const turn = ++this.turn;
    this.watch.begin();
    if (playsItself(this.video)) {
      this.video.src = addressOf(this.choice(), src);
      this.levels(src.endsWith("master.m3u8") ? 2 : 1);
    } else await this.attach(src, turn);
    if (turn === this.turn) this.play();
  }

  async attach(src, turn) {
    let Hls;
    try {
      Hls = await library();
    } catch {
      return this.again(turn); // the network was away
    }
    if (turn !== this.turn) return;
    if (!Hls.isSupported()) {
      this.video.src = src;
      return;
    }
    this.hls = new Hls(CONFIG);
    this.hls.on(Hls.Events.ERROR, (_event, { fatal, response }) => {
      if (!fatal || (response?.code === 404 && this.missing(src))) return;
      this.again(turn);
    });
    this.hls.on(Hls.Events.MANIFEST_PARSED, () => {
      this.levels(this.hls.levels.length);
      if (this.choice() !== "auto") this.choose();
    });
    this.hls.loadSource(src);
    this.hls.attachMedia(this.video);
  }

  /** Play the rendition that is chosen. */
  choose() {
    if (this.hls) this.hls.nextLevel = levelOf(this.choice(), this.hls.levels.length);
    else if (this.src) this.show(this.src);
  }

  /** The moment that the picture shows, in milliseconds of Unix time, where the video says it. */
  moment() {
    if (this.hls) return this.hls.playingDate?.getTime();
    const began = /** @type {any} */ (this.video).getStartDate?.().getTime();
    return began ? began + this.video.currentTime * 1_000 : undefined;
  }

  again(turn) {
    setTimeout(() => turn === this.turn && this.src && this.show(this.src), AGAIN_MS);
  }

  async play() {
    try {
      await this.video.play();
    } catch (error) {
      // Sound that was on in the last room may not begin by itself in this one: the picture does.
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return;
      if (this.video.muted) return; // a browser that saves power; the controls show it
      this.video.muted = true;
      this.video.play().catch(() => undefined);
    }
  }

  /** The picture stays where it is, and nothing more is fetched. */
  leave() {
    this.turn++;
    this.src = "";
    this.hls?.destroy();
    this.hls = undefined;
  }

  /** Show the poster, and fetch nothing. */
  rest() {
    this.leave();
    this.video.removeAttribute("src");
    this.video.load();
  }

  /** Start anew what stands still though nobody stopped it. */
  look() {
    if (!this.src || document.hidden) return this.watch.begin();
    const { paused, currentTime, seekable, buffered } = this.video;
    if (!paused && this.watch.stalls(currentTime)) return void this.show(this.src);
    if (this.hls || paused || !seekable.length) return;
    // Without hls.js nobody else catches up with the stream.
    const newest = seekable.end(seekable.length - 1);
    if (newest - currentTime > 10 && buffered.length) this.video.currentTime = newest - 2;
    else this.video.playbackRate = paceOf(newest - currentTime);
  }
}

/** The picture of a room, with what one can press; of a preview, which has nothing to press. */
function watchRoom(element) {
  const player = new Player(element);
  const wait = /** @type {HTMLElement | null} */ (frame.querySelector("[data-gap]"));
  const preview = !frame.querySelector("[data-controls]");
  let src = element.dataset.picture ?? "";
  let still = !preview && beginsStill();
  let silent = ""; // the picture that has no sound
  const saved = preview ? undefined : new Still(element);
  const heard = () => src !== "" && src !== silent;
  /** Play what is wanted of the picture; of a still one its sound, and that only if it is on. */
  const begin = () => {
    saved?.of(still ? src : "");
    const wanted = !still ? src : heard() && !element.muted ? soundOf(src) : "";
    if (wanted !== player.src) wanted ? player.show(wanted) : player.rest();
  };
  const choose = (wish) => {
    still = wish;
    element.toggleAttribute("data-still", still);
    delete element.dataset.shape; // the still picture covers all
    begin();
    shown();
    tell();
  };
  element.toggleAttribute("data-still", still);
  const tell = controls(frame, element, { still: () => still, heard, choose });
  element.addEventListener("volumechange", () => still && begin());
  player.missing = (address) => {
    if (address !== soundOf(src)) return false;
    silent = src;
    begin();
    tell();
    return true;
  };
  element.addEventListener("error", () => player.hls || player.missing(player.src));
  const { choice, levels } = quality(frame, () => player.choose());
  Object.assign(player, { choice, levels: (count) => levels(still ? 0 : count) });
  captions(frame, element, () => player.moment());
  if (!preview) Object.assign(element, { muted: chosen().muted, volume: chosen().volume });

  const shown = () => {
    if (wait) wait.hidden = true;
    element.toggleAttribute("hidden", false);
  };
  element.addEventListener("playing", () => player.src && shown());
  // A phone held upright shows all of a wide picture, not a strip out of its middle.
  element.addEventListener("resize", () => {
    if (!player.src || still || !element.videoWidth) return;
    element.dataset.shape = element.videoWidth > element.videoHeight ? "wide" : "tall";
  });
  document.addEventListener("live:picture", ({ detail }) => {
    src = detail.src;
    if (detail.state === "live") {
      begin();
      return still && shown();
    }
    element.pause();
    player.leave();
    delete element.dataset.shape;
    // Without a gap there is no picture of ours to wait for.
    if (wait) wait.hidden = detail.state !== "gap";
    if (detail.state !== "gap") element.hidden = true;
  });
  document.addEventListener("live:ended", () => {
    src = "";
    player.leave();
    if (wait) wait.hidden = true;
  });
  if (src) whenLoaded(() => player.src || begin());
}

if (video) watchRoom(video);
