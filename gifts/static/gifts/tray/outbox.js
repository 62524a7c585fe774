// Presses on their way. A press keeps its key until the server has answered it, over reloads too.
// A lone press leaves at once; what is pressed while a request is under way goes together in the
// next one.
import * as requests from "./requests.js";

const SOON = [500, 1_000, 2_000, 4_000, 8_000];
// An answer may take its time on a bad line; the next try waits longer, so that the slowest line is
// heard out in the end.
const PATIENCE = [12_000, 25_000, 45_000];
const SLOW = 4_000;
// After this the moment is over: an old press must not go off by itself. Whether it had arrived,
// the server knows.
const TOO_OLD = 60_000;

/**
 * What was pressed. `left`: it was sent at least once; `again`: before this try.
 * @typedef {{fields: {key: string, [name: string]: any}, at: number,
 *   left?: boolean, again?: boolean}} Press
 */

const nth = (list, turn) => list[Math.min(turn, list.length - 1)];
/** Wait, but not when the network comes back. */
export const pause = (ms) =>
  /** @type {Promise<void>} */ (
    new Promise((done) => {
      const over = () => {
        clearTimeout(timer);
        removeEventListener("online", over);
        done();
      };
      const timer = setTimeout(over, ms);
      addEventListener("online", over);
    })
  );

export class Outbox {
  /** `one`, `many` and `known` are the addresses for a press, for a batch of up to `most`, and for
   * what became of presses. `who` is the person whose coins pay. `on` has a
   * function for each thing that happens. */
  constructor({ one, many, known, most, who }, on, line = requests) {
    this.one = one;
    this.many = many;
    this.known = known;
    this.most = most;
    this.on = on;
    this.requests = line;
    this.store = `outbox:${who}:${one}`;
    /** @type {Press[]} presses without an answer, in their order */
    this.line = [];
    /** @type {Press[]} not sent any more; the server is asked whether they had arrived */
    this.old = [];
    this.busy = false;
    this.away = false; // the server does not answer
    this.slow = false; // it does, but late
    this.gone = false; // signed out: nothing is sent any more
    for (const press of JSON.parse(sessionStorage.getItem(this.store) ?? "[]")) {
      const old = Date.now() - press.at > TOO_OLD;
      (old ? this.old : this.line).push({ ...press, left: true, again: true });
    }
    this.run();
  }

  keep() {
    sessionStorage.setItem(
      this.store,
      JSON.stringify([...this.old, ...this.line].map(({ fields, at }) => ({ fields, at }))),
    );
  }

  drop(presses) {
    this.line = this.line.filter((press) => !presses.includes(press));
    this.keep();
  }

  /** Send a press; its answer goes to `on.answered`. */
  send(fields) {
    this.line.push({ fields: { ...fields, key: crypto.randomUUID() }, at: Date.now() });
    this.keep();
    this.on.changed();
    if (this.away) this.on[this.slow ? "slow" : "lost"](this.line.length);
    this.run();
  }

  /** Drop the presses of a combo that have not left yet. */
  forget(combo) {
    this.drop(this.line.filter((press) => press.fields.combo === combo && !press.left));
    this.on.changed();
  }

  async run() {
    if (this.busy) return;
    this.busy = true;
    try {
      this.gone = false;
      for (let turn = 0; this.line.length || this.old.length; ) {
        const answered = await this.round(turn);
        if (this.gone) break;
        if (answered) {
          turn = 0;
          continue;
        }
        this.away = true;
        this.giveUpTheOld();
        if (this.line.length) this.on[this.slow ? "slow" : "lost"](this.line.length);
        await pause(nth(SOON, turn++));
      }
    } finally {
      this.busy = this.away = false;
    }
  }

  /** Send what waits, or ask about what is too old; return whether the server answered. */
  async round(turn) {
    if (!this.line.length) return this.settle(turn);
    const batch = this.line.slice(0, this.most);
    for (const press of batch) press.left = true;
    const answers = await this.ask(batch, nth(PATIENCE, turn));
    if (answers) this.arrived(batch, answers);
    for (const press of batch) press.again = true; // tried before: it may have arrived
    return Boolean(answers);
  }

  arrived(batch, answers) {
    const late = this.away || batch.some((press) => press.again);
    this.away = false;
    sessionStorage.removeItem(`${this.store}:fresh`);
    this.drop(batch);
    this.on.answered(
      batch.map((press, place) => ({ fields: press.fields, answer: answers[place] })),
    );
    this.on.changed();
    const sent = answers.filter((answer) => answer.status === 201).length;
    if (late && sent) this.on.back(sent);
  }

  giveUpTheOld() {
    const old = this.line.filter((press) => Date.now() - press.at > TOO_OLD);
    if (!old.length) return;
    this.old.push(...old);
    this.drop(old);
    this.on.changed();
    this.on.givenUp(this.old.length);
  }

  /** Ask which of the old presses had arrived before the line broke, and say so. */
  async settle(turn) {
    const asked = this.old.slice(0, this.most);
    const address = new URL(this.known, location.href);
    for (const { fields } of asked) address.searchParams.append("key", fields.key);
    const answer = await this.requests.get(address, nth(PATIENCE, turn));
    if (!answer) return false;
    if (answer.signedOut) return this.leave();
    this.old = this.old.filter((press) => !asked.includes(press));
    this.keep();
    this.on.settled({
      arrived: answer.sent.length,
      not: asked.length - answer.sent.length,
      balance: answer.balance,
    });
    return true;
  }

  /** Return the coins that are left, as the server counts them; nothing when it does not answer. */
  async balance() {
    return (await this.requests.get(this.known, PATIENCE[0]))?.balance;
  }

  /** Return an answer for each press; nothing when it is not known whether they arrived. */
  async ask(batch, patience) {
    const slow = setTimeout(() => !this.away && this.on.slow(this.line.length), SLOW);
    const { answers, late, strange } = await this.requests.send(this, batch, patience);
    clearTimeout(slow);
    if (late !== undefined) this.slow = late;
    return strange ? this.strange(strange) : answers;
  }

  /** Neither sent nor refused by us. An old page: a fresh one takes the presses along. Signed out:
   * they are not paid for. */
  strange(what) {
    const fresh = `${this.store}:fresh`;
    if (what === "old page" && !sessionStorage.getItem(fresh)) {
      sessionStorage.setItem(fresh, "1");
      location.reload();
      return new Promise(() => undefined);
    }
    this.leave();
  }

  /** Send nothing more. What may have arrived before is asked about when the same person is back. */
  leave() {
    this.old.push(...this.line.filter((press) => press.again));
    this.line = [];
    this.keep();
    this.gone = true;
    this.on.changed();
    this.on.signedOut();
    return true;
  }
}
