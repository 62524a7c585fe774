// What was sent to a stream, told in time with its replay: fetched in windows a little ahead, told
// when the picture gets there. After a jump it begins anew, with the messages of shortly before.
const AHEAD_S = 12;
const HISTORY_S = 25;
const MOST_AT_ONCE = 200; // a tab that slept has missed the rest
const AGAIN_S = 5;

/**
 * @typedef {{at: number, id: number, kind: string, payload: Record<string, unknown>}} Sent
 * @typedef {{load(at: number): Promise<{events: Sent[], until: number}>,
 *   tell(kind: string, detail: Record<string, unknown>): void, rewind(): void,
 *   length: number}} Room
 */

export class Feed {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.turn = 0; // what was asked before a jump says nothing any more
    /** @type {Sent[]} */
    this.waiting = [];
    this.seen = new Set();
    this.since = this.until = 0;
    this.asking = false;
    this.notBefore = 0; // after a failure
  }

  /** Begin anew at a second of the replay. */
  async jump(second) {
    const turn = ++this.turn;
    this.waiting = [];
    this.seen.clear();
    this.asking = false;
    this.notBefore = 0;
    this.since = second;
    this.until = Math.max(0, second - HISTORY_S);
    this.room.rewind();
    await this.#load();
    if (turn === this.turn) this.play(second);
  }

  /** The picture is at this second now. */
  play(second) {
    const due = this.waiting.filter((one) => one.at <= second);
    if (due.length) this.waiting = this.waiting.filter((one) => one.at > second);
    for (const one of due.slice(-MOST_AT_ONCE)) {
      // Gifts of before a jump are history; what was said helps to understand the rest.
      if (one.at >= this.since || one.kind === "chat") this.#tell(one);
    }
    if (second + AHEAD_S > this.until && second >= this.notBefore) this.#load(second);
  }

  async #load(second = 0) {
    if (this.asking || this.until >= this.room.length) return;
    const turn = this.turn;
    this.asking = true;
    try {
      const { events, until } = await this.room.load(this.until);
      if (turn !== this.turn) return;
      for (const one of events) {
        if (this.seen.has(one.id)) continue;
        this.seen.add(one.id);
        this.waiting.push(one);
      }
      this.until = Math.max(until, this.until + 0.001);
    } catch {
      if (turn === this.turn) this.notBefore = second + AGAIN_S;
    } finally {
      if (turn === this.turn) this.asking = false;
    }
  }

  /** The page shows this event already. */
  knows(/** @type {number} */ id) {
    this.seen.add(id);
    this.waiting = this.waiting.filter((one) => one.id !== id);
  }

  #tell({ kind, id, payload }) {
    // When it was sent is long ago; it is told as if it came now, and counted nowhere.
    this.room.tell(kind, { ...payload, at: undefined, event_id: id, replayed: true });
  }
}
