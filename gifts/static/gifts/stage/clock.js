// The time of one scene. It runs by itself, stops while the scene is paused, and can be set by
// hand: stills and checks look at a scene at a moment of their choice.

export class Clock {
  #timers = new Set();
  #from = performance.now();
  #at = 0;

  constructor({ manual = false } = {}) {
    this.manual = manual;
    this.running = !manual;
  }

  now() {
    return this.running ? performance.now() - this.#from : this.#at;
  }

  /** Call `then` after so many ms of this clock; returns what takes it back. */
  after(ms, then) {
    const timer = { at: this.now() + ms, then, handle: 0 };
    this.#timers.add(timer);
    if (this.running) this.#arm(timer);
    return () => this.#drop(timer);
  }

  #arm(timer) {
    timer.handle = setTimeout(() => this.#ring(timer), Math.max(0, timer.at - this.now()));
  }

  #ring(timer) {
    this.#drop(timer);
    timer.then();
  }

  #drop(timer) {
    clearTimeout(timer.handle);
    this.#timers.delete(timer);
  }

  pause() {
    if (!this.running) return;
    this.#at = this.now();
    this.running = false;
    for (const timer of this.#timers) clearTimeout(timer.handle);
  }

  resume() {
    if (this.running || this.manual) return;
    this.#from = performance.now() - this.#at;
    this.running = true;
    for (const timer of this.#timers) this.#arm(timer);
  }

  /** Go to a moment of a clock that is set by hand; what is due until then happens in its order. */
  seek(ms) {
    for (;;) {
      const due = [...this.#timers]
        .filter((timer) => timer.at <= ms)
        .sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#at = Math.max(this.#at, due.at);
      this.#ring(due);
    }
    this.#at = ms;
  }

  clear() {
    for (const timer of [...this.#timers]) this.#drop(timer);
  }
}
