// Reads aloud, one after the other, with the voices of the browser it runs in. Where there are
// none, there is silence.
const LONGEST_MS = 20_000; // some browsers never say that they are done

export class Voice {
  /** @type {(() => void) | null} */
  #settle = null;

  get there() {
    return "speechSynthesis" in window;
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
      const late = setTimeout(() => this.stop(), LONGEST_MS);
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
