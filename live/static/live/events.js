// The room's events. Keeps the last id, drops what it has, comes back after a cut with what it
// missed, and tells the page: `live:gift`, `live:undo` and so on for each kind of event, `live:cut`
// and `live:connected`.
// A tab that is not seen lets go of its connection after a while, and catches up when it is seen.
import { Connection } from "./connection.js";
import { SharedConnection } from "./shared_connection.js";

const MOST_SEEN = 5_000;
const HIDDEN_MS = 60_000;

// Without HTTPS there are no locks: then each tab has a connection of its own while it is seen.
const shares = Boolean(globalThis.navigator?.locks);

async function askAgain(room) {
  const answer = await fetch(room.dataset.tokenUrl, { signal: AbortSignal.timeout(8_000) });
  if (answer.status === 403) location.reload(); // for adults from now on: the page asks for the age
  return answer.ok ? (await answer.json()).url : "";
}

/** Listen for `room`. `refresh` answers where to listen when the address is too old; nothing: where
 * it was. `always`: also while the page is hidden. Answers what ends it. */
export function listen(room, refresh = askAgain, { always = false } = {}) {
  const seen = new Set(room.dataset.seen.split(" ").filter(Boolean));
  for (const line of room.querySelectorAll("[data-event]")) seen.add(line.dataset.event);
  let where = room.dataset.eventsUrl;
  let last = room.dataset.after;
  /** @type {Connection | SharedConnection | undefined} */
  let connection;
  let over = false;
  let hiding = 0;

  const tell = (kind, detail) =>
    document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail }));

  function take({ kind, id, data }) {
    if (!id) return tell(kind, JSON.parse(data));
    last = id;
    if (seen.has(id)) return;
    seen.add(id);
    if (seen.size > MOST_SEEN) seen.delete(seen.values().next().value);
    tell(kind, { ...JSON.parse(data), event_id: Number(id) });
    if (kind === "ended") leave();
  }

  function address(once = false) {
    const url = new URL(where, location.href);
    url.searchParams.set("after", last);
    if (once) url.searchParams.set("once", "1");
    return url.href;
  }

  const options = {
    name: room.dataset.channel,
    address,
    async refresh() {
      where = (await refresh(room)) || where;
    },
    yields: () => unseen() && rest(),
    on: {
      message: take,
      connected: () => tell("connected", {}),
      cut: () => tell("cut", {}),
      caughtUp() {},
    },
  };
  const unseen = () => document.hidden && !always;

  function join() {
    if (over || connection) return;
    connection = shares ? new SharedConnection(options) : new Connection(options);
  }

  function rest() {
    connection?.close();
    connection = undefined;
  }

  function leave() {
    over = true;
    rest();
  }

  function look() {
    clearTimeout(hiding);
    if (!unseen()) join();
    else if (shares) hiding = setTimeout(rest, HIDDEN_MS);
    else rest();
  }

  document.addEventListener("visibilitychange", look);
  addEventListener("online", () => connection?.open());
  // A page in the browser's back-forward cache must hold neither connection nor lock.
  addEventListener("pagehide", rest);
  addEventListener("pageshow", (event) => event.persisted && look());
  look();
  return { leave };
}

for (const room of document.querySelectorAll("[data-room]"))
  if (room.dataset.eventsUrl) listen(room);
