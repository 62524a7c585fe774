// Reads aloud, one after the other, with the voices of the browser it runs in. Where there are
// none, there is silence.
// Some voices never say that they are done: then it is over when a slow reader would be.
const LETTERS_PER_SECOND = 12;
const MARGIN_MS = 2_000; // until a voice begins
const LONGEST_MS = 20_000;
// How many letters are heard for one that is written, where it is not one.
const HEARD = [
  { signs: /\p{Extended_Pictographic}/gu, letters: 12 },
  { signs: /\p{N}/gu, letters: 6 },
  {
    signs: /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/gu,
    letters: 2,
  },
];

/** How long reading a text aloud takes at most. */
export function readingTime(text, rate = 1) {
  const more = HEARD.reduce(
    (sum, { signs, letters }) => sum + (letters - 1) * (text.match(signs)?.length ?? 0),
    0,
  );
  const reading = ((text.length + more) * 1_000) / LETTERS_PER_SECOND / rate;
  return Math.min(LONGEST_MS, reading + MARGIN_MS);
}

export class Voice {
  /** @type {(() => void) | null} */
  #settle = null;

  get there() {
    return "speechSynthesis" in globalThis;
  }

  /** Say it; answers when it was said, stopped, or cannot be said. */
  say(text, { language, volume }) {
    this.stop();
    if (!this.there || !text) return Promise.resolve();
    return new Promise((/** @type {(value?: undefined) => void} */ settle) => {
      const words = new SpeechSynthesisUtterance(text);
      words.lang = language;
      words.volume = volume;
      const voice = speechSynthesis
        .getVoices()
        .find((one) => one.lang.toLowerCase().startsWith(language.toLowerCase()));
      if (voice) words.voice = voice;
      const late = setTimeout(() => this.stop(), readingTime(text, words.rate));
      this.#settle = () => {
        clearTimeout(late);
        this.#settle = null;
        settle();
      };
      words.onend = words.onerror = () => this.#settle?.();
      speechSynthesis.speak(words);
    });
  }

  stop() {
    if (this.there) speechSynthesis.cancel();
    this.#settle?.();
  }
}
