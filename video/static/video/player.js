// The room's picture while its creator is live: HLS, by the browser itself where it can, else by
// hls.js, which is fetched then. A player that stands still is started anew.
import { find, whenLoaded } from "../js/page.js";
import { library, playsItself } from "./hls.js";
import { Watch } from "./watch.js";

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
    setInterval(() => this.look(), LOOK_MS);
  }

  /** Show a playlist, from its newest segment on. */
  async show(src) {
    this.leave();
    this.src = src;
    const turn = ++this.turn;
    for (const source of this.video.querySelectorAll("source")) source.remove();
    this.video.loop = false;
    this.watch.begin();
    if (playsItself(this.video)) this.video.src = src;
    else await this.attach(src, turn);
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
    this.hls.on(Hls.Events.ERROR, (_event, { fatal }) => fatal && this.again(turn));
    this.hls.loadSource(src);
    this.hls.attachMedia(this.video);
  }

  again(turn) {
    setTimeout(() => turn === this.turn && this.src && this.show(this.src), AGAIN_MS);
  }

  play() {
    // A browser that saves power may refuse; the controls show it.
    this.video.play().catch(() => undefined);
  }

  /** The picture stays where it is, and nothing more is fetched. */
  leave() {
    this.turn++;
    this.src = "";
    this.hls?.destroy();
    this.hls = undefined;
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
  }
}

if (video) {
  const player = new Player(video);
  const wait = find("[data-gap]", frame);
  const shown = () => {
    wait.hidden = true;
    video.toggleAttribute("hidden", false);
  };
  video.addEventListener("playing", () => player.src && shown());
  // A phone held upright shows all of a wide picture, not a strip out of its middle.
  video.addEventListener("resize", () => {
    if (!player.src || !video.videoWidth) return;
    video.dataset.shape = video.videoWidth > video.videoHeight ? "wide" : "tall";
  });
  document.addEventListener("live:picture", ({ detail }) => {
    if (detail.state === "live") return detail.src === player.src || player.show(detail.src);
    video.pause();
    player.leave();
    delete video.dataset.shape; // the still picture covers all
    wait.hidden = false;
  });
  document.addEventListener("live:ended", () => {
    player.leave();
    wait.hidden = true;
  });
  const src = video.dataset.picture;
  if (src) whenLoaded(() => player.src || player.show(src));
}
