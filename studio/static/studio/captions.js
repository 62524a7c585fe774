// Captions: the browser's own speech recognition hears the creator, and what is settled of it goes
// to the site in short lines, each with how long ago it was begun.
const LONG = 42; // signs of what is not finished that are given out before its end
const LATE_MS = 2_500; // or after so long
const OPEN = 2; // words at the end that may still change
const LONGEST = 84; // signs of one line
const AGAIN_MS = 300;
const LATER_MS = 5_000;
const FOR_GOOD = ["not-allowed", "service-not-allowed", "language-not-supported"];

const wordsOf = (text) => text.split(/\s+/).filter(Boolean);

/** The words in lines that are short enough. */
export function linesOf(words) {
  const lines = [];
  for (const word of words) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && longer.length <= LONGEST) lines[lines.length - 1] = longer;
    else lines.push(word.slice(0, LONGEST));
  }
  return lines;
}

/** Takes what the recognition says, which changes until it is final; gives lines, each word once. */
export class Settled {
  given = 0; // words of what is not final
  /** @type {number | undefined} when what comes next was begun */
  since = undefined;

  /**
   * @param {{text: string, final: boolean}[]} results new or changed ones, in their order
   * @param {number} now
   */
  hear(results, now) {
    this.since ??= now;
    const lines = [];
    for (const { text } of results.filter(({ final }) => final)) {
      const words = wordsOf(text);
      lines.push(...this.#give(words.slice(this.given), now));
      this.given = Math.max(0, this.given - words.length);
    }
    const open = wordsOf(
      results
        .filter(({ final }) => !final)
        .map(({ text }) => text)
        .join(" "),
    );
    if (!open.length) this.since = undefined;
    const settled = open.slice(this.given, -OPEN);
    const late = now - (this.since ?? now) >= LATE_MS;
    if (settled.length && (late || settled.join(" ").length >= LONG)) {
      lines.push(...this.#give(settled, now));
      this.given += settled.length;
    }
    return lines;
  }

  /** Nothing of what was not final will be. */
  reset() {
    this.given = 0;
    this.since = undefined;
  }

  #give(words, now) {
    const lines = linesOf(words);
    const since = this.since ?? now;
    const each = (now - since) / Math.max(1, lines.length);
    if (lines.length) this.since = now;
    return lines.map((text, number) => ({ text, since: since + number * each }));
  }
}

/** Listens while it is on: a recognition that ends by itself is begun again. */
export class Listener {
  /**
   * @param {{Recognition: any, language: string, track: () => any,
   *   say: (said: {caption: string, ago_ms: number}) => void, refused: (why: string) => void,
   *   now?: () => number, later?: (act: () => void, ms: number) => unknown}} parts
   */
  constructor({ Recognition, language, track, say, refused, now, later }) {
    this.Recognition = Recognition;
    this.language = language;
    this.track = track;
    this.say = say;
    this.refused = refused;
    this.now = now ?? (() => performance.now());
    this.later = later ?? ((act, ms) => setTimeout(act, ms));
    this.on = false;
    /** @type {any} */
    this.recognition = undefined;
  }

  start() {
    if (this.on) return;
    this.on = true;
    this.#begin();
  }

  stop() {
    this.on = false;
    this.recognition?.abort();
    this.recognition = undefined;
  }

  /** Listen to another microphone. */
  again() {
    if (this.on) this.recognition?.abort();
  }

  #begin() {
    if (!this.on || this.recognition) return;
    const settled = new Settled();
    const one = new this.Recognition();
    let wait = AGAIN_MS;
    Object.assign(one, { continuous: true, interimResults: true, lang: this.language });
    one.onresult = ({ results, resultIndex }) => {
      const heard = Array.from(results)
        .slice(resultIndex)
        .map((result) => ({ text: result[0].transcript, final: result.isFinal }));
      const now = this.now();
      for (const { text, since } of settled.hear(heard, now))
        this.say({ caption: text, ago_ms: Math.round(now - since) });
    };
    one.onerror = ({ error }) => {
      if (error === "network") wait = LATER_MS;
      if (!FOR_GOOD.includes(error)) return;
      this.on = false;
      this.refused(error);
    };
    one.onend = () => {
      if (this.recognition === one) this.recognition = undefined;
      this.later(() => this.#begin(), wait);
    };
    this.recognition = one;
    const track = this.track();
    try {
      track ? one.start(track) : one.start();
    } catch {
      one.onend(); // another page listens at this moment
    }
  }
}

/** The switch of the camera's page; without speech recognition there is none. */
export function captions(page, { track, say }) {
  const { SpeechRecognition, webkitSpeechRecognition } = /** @type {any} */ (globalThis);
  const Recognition = SpeechRecognition ?? webkitSpeechRecognition;
  const field = page.querySelector("[data-captions-field]");
  if (!Recognition || !field) return { live() {}, again() {} };
  const box = /** @type {HTMLInputElement} */ (field.querySelector("[data-captions]"));
  const trouble = field.querySelector("[data-captions-trouble]");
  let live = false;
  const listener = new Listener({
    Recognition,
    language: page.dataset.language || navigator.language,
    track,
    say,
    refused() {
      box.checked = false;
      trouble.hidden = false;
    },
  });
  const follow = () => (live && box.checked ? listener.start() : listener.stop());
  box.addEventListener("change", () => {
    trouble.hidden = true;
    follow();
  });
  field.hidden = false;
  return {
    live(is) {
      live = is;
      follow();
    },
    again: () => listener.again(),
  };
}
