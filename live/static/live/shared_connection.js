// One connection for all tabs that show a stream to the same person. The tab that holds the lock
// leads: it listens and tells the others. HTTP/1.1 has six connections for a whole site, and rooms
// must leave some for pages.
// A tab that comes late or takes over begins at its own cursor, so it misses nothing; what it gets
// twice it knows by its id.
import { Connection } from "./connection.js";
import { hold } from "./locks.js";

const LASTING = 3; // connections that stay open, whatever number of streams is shown
const CATCH_UP_MS = 5_000; // so often a stream without one of them looks for news
const SETTLE_MS = 2_000; // by then every process of the server knows what one of them knew
const TURN_MS = 5_000; // a tab that does not answer keeps its turn for ever
const SILENT_MS = 14_000; // and so it would the lead; one that lives says something every ten seconds
const CHECK_MS = 1_000;

export class SharedConnection {
  /** @type {AbortController | undefined} */
  #part; // leading or following
  /** @type {AbortController | undefined} */
  #waiting; // for the lead
  /** @type {Connection | undefined} */
  #open;
  /** @type {import("./connection.js").Message[] | undefined} */
  #held; // what the leader told while this tab still catches up
  #leads = false;
  #cut = false;
  #silent = false;
  #over = false;
  #heardAt = Date.now();

  /**
   * `name` says whose connection it is: stream, role, person. `address(once)` is where to listen, or
   * only to catch up. `yields()` is called when another stream wants a place of its own.
   * @param {{name: string, address(once?: boolean): string, refresh(): Promise<void>,
   *   yields(): void, on: import("./connection.js").Callbacks}} options
   */
  constructor({ name, address, refresh, yields, on }) {
    this.name = `live:${name}`;
    this.address = address;
    this.refresh = refresh;
    this.on = on;
    this.tabs = new BroadcastChannel(this.name);
    this.tabs.onmessage = ({ data }) => this.#hear(data);
    this.streams = new BroadcastChannel("live:wanted");
    this.streams.onmessage = () => yields();
    this.watch = setInterval(() => this.#check(), CHECK_MS);
    this.#run();
  }

  /** Listen anew, after the machine was away. */
  open() {
    this.#open?.open();
  }

  close() {
    this.#over = true;
    clearInterval(this.watch);
    this.#part?.abort();
    this.#waiting?.abort();
    this.tabs.close();
    this.streams.close();
  }

  async #run() {
    /** @type {LockOptions} */
    let how = { ifAvailable: true };
    while (!this.#over) {
      const leading = new AbortController();
      const release = await hold(this.name, how, () => leading.abort());
      if (release) {
        this.#begin(leading);
        await this.#lead(leading.signal);
        release();
      }
      if (this.#over) return;
      // Refused at once, it would ask for ever without a pause.
      if (!release && !how.ifAvailable && !this.#silent) await pause(CHECK_MS);
      this.#waiting = new AbortController();
      how = this.#silent ? { steal: true } : { signal: this.#waiting.signal };
      if (!this.#silent) this.#follow(this.#begin(new AbortController()));
      this.#silent = false;
    }
  }

  #begin(/** @type {AbortController} */ part) {
    this.#part?.abort();
    this.#part = part;
    if (this.#over) part.abort();
    return part.signal;
  }

  // --- Leading -----------------------------------------------------------------------------------

  /** Listen for all tabs until the tab closes, or another takes over since this one was frozen. */
  async #lead(/** @type {AbortSignal} */ over) {
    this.#leads = true;
    this.#held = undefined;
    while (!over.aborted) {
      const release = await oneOf(LASTING);
      if (release) {
        await this.#listen(over, this.address, () => ended(over));
        release();
      } else {
        this.streams.postMessage("wanted");
        await this.#catchUp(over);
        await Promise.race([ended(over), pause(CATCH_UP_MS)]);
      }
    }
    this.#leads = false;
  }

  /** Listen until something comes true. */
  async #listen(over, address, until) {
    if (over.aborted) return;
    /** @type {(value?: undefined) => void} */
    let caughtUp = () => undefined;
    const current = new Promise((come) => (caughtUp = come));
    const connection = new Connection({
      address,
      refresh: this.refresh,
      on: {
        message: (one) => this.#message(one),
        connected: () => this.#state("connected"),
        cut: () => this.#state("cut"),
        caughtUp: () => {
          this.#say("alive");
          caughtUp();
        },
      },
    });
    this.#open = connection;
    await until(current);
    connection.close();
    if (this.#open === connection) this.#open = undefined;
  }

  /** Get what is new by a connection that closes then: one tab after the other. */
  async #catchUp(over) {
    const release = await hold("live:turn", { signal: AbortSignal.timeout(TURN_MS) });
    await this.#listen(
      over,
      () => this.address(true),
      (current) => Promise.race([current, ended(over)]),
    );
    release?.();
  }

  #say(what) {
    if (this.#leads && !this.#over) this.tabs.postMessage(what);
  }

  #message(one) {
    this.#say(one);
    this.on.message(one);
  }

  #state(state) {
    this.#cut = state === "cut";
    this.#say(state);
    this.on[state]();
  }

  // --- Following ---------------------------------------------------------------------------------

  /** Catch up, and let the leader tell what happens from then on. */
  async #follow(/** @type {AbortSignal} */ over) {
    this.#held = [];
    await this.#catchUp(over);
    if (over.aborted) return;
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const one of held) this.on.message(one);
    await Promise.race([ended(over), pause(SETTLE_MS)]);
    await this.#catchUp(over);
  }

  #hear(told) {
    this.#heardAt = Date.now();
    if (this.#over) return;
    if (typeof told === "object") {
      if (this.#held) this.#held.push(told);
      else this.on.message(told);
    } else if (!this.#leads && told !== "alive") this.on[told]();
  }

  #check() {
    if (this.#leads) {
      if (this.#cut) this.#say("cut");
    } else if (Math.abs(Date.now() - this.#heardAt) > SILENT_MS) {
      this.#heardAt = Date.now();
      this.#silent = true;
      this.#waiting?.abort();
    }
  }
}

/** One of the places for connections that stay open, if one is free. */
async function oneOf(/** @type {number} */ places) {
  for (let place = 0; place < places; place += 1) {
    const release = await hold(`live:lasting:${place}`, { ifAvailable: true });
    if (release) return release;
  }
  return undefined;
}

const pause = (/** @type {number} */ ms) => new Promise((go) => setTimeout(go, ms));

/** @returns {Promise<void>} */
const ended = (/** @type {AbortSignal} */ over) =>
  new Promise((go) => {
    if (over.aborted) go();
    else over.addEventListener("abort", () => go(), { once: true });
  });
