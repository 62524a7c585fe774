// One connection to the event stream. It hears the server's beat, so it tells a quiet room from a
// dead line: a connection that is silent for too long counts as cut and is opened again.
const KINDS = [
  "gift",
  "undo",
  "thanks",
  "chat",
  "hide",
  "started",
  "changed",
  "ended",
  "picture",
  "rescheduled",
  "caption",
  "guest",
  "guests",
  "guest_picture",
  "goal",
  "test",
  "alerts",
  "settings",
];
const STATES = ["viewers"]; // only the newest counts: they have no id, and carry the one before
const CUT_MS = 3_000; // a shorter interruption is not worth a word
const LONGEST_WAIT_MS = 20_000;
const PATIENCE_MS = 10_000; // until the first beat, which says how often they come
const MISSED = 2.5; // so many intervals without a sign
const WATCH_MS = 1_000;

/**
 * What a connection tells. `connected`: it stands, after a cut once more. `caughtUp`: all that
 * happened before has come; with each beat again.
 * @typedef {{kind: string, id: string, data: string}} Message
 * @typedef {{message(one: Message): void, connected(): void, cut(): void, caughtUp(): void}} Callbacks
 */

export class Connection {
  /** @type {EventSource | undefined} */
  #source;
  #failures = 0;
  #retry = 0;
  #cut = 0;
  #watch = 0;
  #heardAt = 0;
  #patience = PATIENCE_MS;
  #over = false;

  /**
   * `address()` says where to listen, with the cursor of that moment. `refresh()` is asked before
   * coming back after a refusal: the address may be too old.
   * @param {{address(): string, refresh(): Promise<void>, on: Callbacks}} options
   */
  constructor({ address, refresh, on }) {
    this.address = address;
    this.refresh = refresh;
    this.on = on;
    this.#watch = setInterval(() => this.#check(), WATCH_MS);
    this.open();
  }

  /** Open it, or open it anew. */
  open() {
    if (this.#over) return;
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#source?.close();
    this.#heardAt = Date.now();
    const source = new EventSource(this.address());
    this.#source = source;
    for (const kind of [...KINDS, ...STATES])
      source.addEventListener(kind, ({ lastEventId, data }) => {
        this.#heard();
        this.on.message({ kind, id: STATES.includes(kind) ? "" : lastEventId, data });
      });
    source.addEventListener("beat", ({ data }) => {
      this.#patience = JSON.parse(data).every_ms * MISSED;
      this.#heard();
      this.on.caughtUp();
    });
    source.addEventListener("open", () => {
      this.#failures = 0;
      this.#heard();
      this.on.connected();
    });
    source.addEventListener("error", () => this.#lost());
  }

  close() {
    this.#over = true;
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
    clearTimeout(this.#cut);
    this.#source?.close();
  }

  #heard() {
    this.#heardAt = Date.now();
    clearTimeout(this.#cut);
    this.#cut = 0;
  }

  #lost() {
    this.#cut ||= setTimeout(() => this.on.cut(), CUT_MS);
    // Cut off, the browser comes back by itself; refused, it does not.
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** this.#failures) * (0.5 + Math.random());
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(async () => {
      await this.refresh().catch(() => undefined); // the next try finds out
      this.open();
    }, wait);
  }

  // By the wall clock, which goes on while the machine sleeps. If that is set back, the connection
  // is opened once more than needed.
  #check() {
    if (this.#retry || Math.abs(Date.now() - this.#heardAt) < this.#patience) return;
    this.on.cut();
    this.open();
  }
}
