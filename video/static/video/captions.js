// Captions over the picture: each line when the picture gets to where it was spoken. Two stand there
// at most, and go after a while. An encoder's own captions, where the browser shows them, are turned
// on and off by the same button.
import { chosen, keep } from "./kept.js";

const MOST_LINES = 2;
const SIGN_MS = 70; // a slow reader's
const LEAST_MS = 2_500;
const LATEST_MS = 8_000; // so late a line belongs to nothing that is still seen
const MOST_WAITING = 50;
const LOOK_MS = 200;

/** Which lines stand over the picture at a moment of it. Moments are milliseconds. */
export class Lines {
  /** @type {{at: number, text: string}[]} */
  waiting = [];
  /** @type {{text: string, until: number}[]} */
  shown = [];

  /** A line that belongs to a moment; without one it is due now. */
  add(text, at = 0) {
    this.waiting.push({ at, text });
    this.waiting.sort((one, other) => one.at - other.at);
    this.waiting = this.waiting.slice(-MOST_WAITING);
  }

  /** The texts that stand there at this moment of the picture. */
  at(moment) {
    const due = this.waiting.filter(({ at }) => at <= moment);
    this.waiting = this.waiting.filter(({ at }) => at > moment);
    for (const { at, text } of due) {
      if (at && moment - at > LATEST_MS) continue;
      this.shown.push({ text, until: moment + LEAST_MS + text.length * SIGN_MS });
    }
    this.shown = this.shown.filter(({ until }) => until > moment).slice(-MOST_LINES);
    return this.shown.map(({ text }) => text);
  }

  clear() {
    this.waiting = [];
    this.shown = [];
  }
}

/**
 * Show captions in a frame. `moment()` answers which moment the picture shows, in milliseconds of
 * Unix time; nothing where that is not known: then a line stands there as soon as it comes.
 * @param {HTMLElement} frame
 * @param {HTMLVideoElement} video
 * @param {() => number | undefined} moment
 */
export function captions(frame, video, moment) {
  const place = /** @type {HTMLElement | null} */ (frame.querySelector("[data-captions]"));
  const button = /** @type {HTMLElement | null} */ (frame.querySelector("[data-captions-on]"));
  if (!place || !button) return;
  const lines = new Lines();
  let on = chosen().captions;
  let looking = 0;

  const tracks = () =>
    Array.from(video.textTracks ?? []).filter(({ kind }) => /captions|subtitles/.test(kind));
  const tell = () => {
    button.setAttribute("aria-pressed", String(on));
    place.hidden = !on;
    for (const track of tracks()) track.mode = on ? "showing" : "disabled";
  };
  const offer = () => {
    button.hidden = false;
    tell();
  };
  const draw = () => {
    const now = performance.timeOrigin + performance.now();
    const texts = lines.at(moment() ?? now);
    if (place.textContent !== texts.join(""))
      place.replaceChildren(
        ...texts.flatMap((text, number) => [
          ...(number ? [document.createElement("br")] : []),
          Object.assign(document.createElement("span"), { textContent: text }),
        ]),
      );
    if (texts.length || lines.waiting.length) return;
    clearInterval(looking);
    looking = 0;
  };

  button.addEventListener("click", () => {
    on = !on;
    keep({ captions: on });
    tell();
  });
  document.addEventListener("live:caption", ({ detail }) => {
    offer();
    const known = moment() !== undefined;
    lines.add(detail.text, detail.at && known ? Date.parse(detail.at) : 0);
    looking ||= setInterval(draw, LOOK_MS);
    draw();
  });
  const clear = () => {
    lines.clear();
    draw();
  };
  for (const event of ["live:rewind", "live:ended"]) document.addEventListener(event, clear);
  video.textTracks?.addEventListener("addtrack", () => tracks().length && offer());
}
