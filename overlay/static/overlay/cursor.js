// How far this overlay has played. Everything up to `to` is done, and so are the events in `done`
// above it. Ids commit out of order, so `to` moves only past what is older than any late one can
// be, and never past what still waits to be shown.
// a writing transaction lives 5 s at most, the stream repeats the last 8 s; and then some
const SETTLE_MS = 12_000;
const REPORT_MS = 2_000;
const BEAT_MS = 20_000;
// away for longer, another machine may have played meanwhile: then the one that is further counts
const LOCAL_HOLDS_MS = 15 * 60_000;

export class Cursor {
  /** @type {Map<number, number>} id -> when, for every kind of event */
  #received = new Map();
  #due = 0;
  #reported = "";
  #reportedAt = -REPORT_MS;
  #saving = false;

  constructor({ key, address, lowest }) {
    // lowest(): the least event that still waits to be shown. Without an address nothing is reported.
    this.key = key;
    this.address = address;
    this.lowest = lowest;
    this.to = 0;
    /** @type {Set<number>} */
    this.done = new Set();
    setInterval(() => this.#settle(), 1_000);
    addEventListener("pagehide", () => this.#report(true));
  }

  /** Begin where this overlay stopped; one that is new here, where the server says. */
  begin({ to, done }) {
    const own = this.#read();
    const fresh = own && Date.now() - own.at < LOCAL_HOLDS_MS;
    const start = own && (fresh || own.to >= to) ? own : { to, done };
    this.to = start.to;
    this.done = new Set(start.done);
    this.save();
  }

  has = (id) => id <= this.to || this.done.has(id);

  receive(id) {
    if (id > this.to && !this.#received.has(id)) this.#received.set(id, performance.now());
  }

  /** These events are shown, or need not be. */
  mark(...ids) {
    for (const id of ids) if (id > this.to) this.done.add(id);
    this.save();
  }

  /** After a cut nothing is old: what was written meanwhile may have any id. */
  rejoined() {
    const now = performance.now();
    for (const id of this.#received.keys()) this.#received.set(id, now);
  }

  /** Once for everything that is marked in one go. */
  save() {
    if (this.#saving) return;
    this.#saving = true;
    queueMicrotask(() => this.#write());
  }

  #write() {
    this.#saving = false;
    try {
      if (this.key)
        localStorage.setItem(
          this.key,
          JSON.stringify({ to: this.to, done: [...this.done], at: Date.now() }),
        );
    } catch {
      // A full storage: the server still knows.
    }
    // At once when it is the first for a while, then once for everything that comes meanwhile.
    this.#due ||= setTimeout(
      () => this.#report(),
      Math.max(0, this.#reportedAt + REPORT_MS - performance.now()),
    );
  }

  #read() {
    try {
      const own = JSON.parse(localStorage.getItem(this.key) ?? "null");
      return Number.isInteger(own?.to) && Array.isArray(own.done) ? own : null;
    } catch {
      return null;
    }
  }

  #settle() {
    const old = performance.now() - SETTLE_MS;
    const before = this.lowest();
    let to = this.to;
    for (const [id, at] of this.#received) if (at < old && id < before && id > to) to = id;
    if (to > this.to) {
      this.to = to;
      for (const id of this.done) if (id <= to) this.done.delete(id);
      for (const id of this.#received.keys()) if (id <= to) this.#received.delete(id);
      this.save();
    } else if (performance.now() - this.#reportedAt > BEAT_MS) this.#report();
  }

  #report(leaving = false) {
    clearTimeout(this.#due);
    this.#due = 0;
    const body = JSON.stringify({ to: this.to, done: [...this.done] });
    if (!this.address) return;
    if (body === this.#reported && performance.now() - this.#reportedAt < BEAT_MS) return;
    this.#reportedAt = performance.now();
    if (leaving) {
      navigator.sendBeacon(this.address, body);
      return;
    }
    fetch(this.address, {
      method: "POST",
      body,
      credentials: "omit",
      signal: AbortSignal.timeout(8_000),
    }).then(
      (answer) => (this.#reported = answer.ok ? body : ""),
      () => (this.#reported = ""),
    );
  }
}
