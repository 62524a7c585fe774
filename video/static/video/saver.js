// What stands for the video where somebody saves data: a still picture, drawn anew now and then,
// and the sound alone where it is wanted.
const ANEW_MS = 30_000; // the site draws one as often

/** Where the sound of a picture is. */
export const soundOf = (src) => src.replace(/[^/]*$/, "sound.m3u8");

/** Where its newest still is; everybody asks with the same words for a while. */
export const stillOf = (src, now) =>
  src.replace(/[^/]*$/, `still.jpg?${Math.floor(now / ANEW_MS)}`);

/** The still picture of a room: shows the newest while it is on. */
export class Still {
  /** @param {HTMLVideoElement} video the still lies under it */
  constructor(video) {
    this.video = video;
    this.src = "";
    setInterval(() => this.#renew(), ANEW_MS);
  }

  /** Show stills of this picture; of none, that which is there stays. */
  of(src) {
    if (src === this.src) return;
    this.src = src;
    this.#renew();
  }

  async #renew() {
    const { src } = this;
    if (!src || document.hidden) return;
    const newest = new Image();
    newest.src = stillOf(src, Date.now());
    try {
      await newest.decode();
    } catch {
      return; // none was drawn yet
    }
    if (src === this.src) this.#place().src = newest.src;
  }

  #place() {
    const before = this.video.previousElementSibling;
    if (before instanceof HTMLImageElement) return before;
    const place = Object.assign(new Image(), { className: "scene__video", alt: "" });
    this.video.before(place);
    return place;
  }
}
