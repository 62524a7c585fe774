// Plays a live playlist: by the browser itself where it can, else by hls.js, which is fetched then. A
// picture that stands still is started anew.
import { library, playsItself } from "./hls.js";
import { addressOf, levelOf } from "./quality.js";
import { paceOf, Watch } from "./watch.js";

const LOOK_MS = 1_000;
const AGAIN_MS = 2_000;
export const CATCHING_UP = 1.15; // unheard

const CONFIG = {
  enableWorker: false, // it would need a script that the page's policy does not know
  backBufferLength: 10,
  maxBufferLength: 8,
  liveSyncDurationCount: 1,
  liveMaxLatencyDurationCount: 5,
  maxLiveSyncPlaybackRate: CATCHING_UP,
  capLevelToPlayerSize: true,
  abrEwmaDefaultEstimate: 5_000_000, // as sent, until the line turns out to be slow
};

export class Player {
  /** @param {HTMLVideoElement} element */
  constructor(element, config = {}) {
    this.video = element;
    this.config = { ...CONFIG, ...config };
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
    this.hls = new Hls(this.config);
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

  again(turn) {
    setTimeout(() => turn === this.turn && this.src && this.show(this.src), AGAIN_MS);
  }

  /** When what is seen was sent, in ms; nothing while that is not known. */
  date() {
    const video = /** @type {any} */ (this.video);
    if (this.hls) return this.hls.playingDate?.getTime();
    const began = video.getStartDate?.().getTime();
    return began ? began + video.currentTime * 1_000 : undefined;
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
