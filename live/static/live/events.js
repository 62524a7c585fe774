// The room's events. Listens, keeps the last id, drops what it has, comes back after a cut with
// what it missed, and tells the page: `live:gift`, `live:undo`, and so on for each of these kinds,
// and `live:viewers`.
const KINDS = [
  "gift",
  "undo",
  "thanks",
  "chat",
  "hide",
  "started",
  "ended",
  "goal",
  "test",
  "alerts",
  "settings",
];
const MOST_SEEN = 5_000;
const CUT_MS = 3_000;
const LONGEST_WAIT_MS = 20_000;

async function askAgain(room) {
  const answer = await fetch(room.dataset.tokenUrl, { signal: AbortSignal.timeout(8_000) });
  return answer.ok ? (await answer.json()).url : "";
}

/** Listen for `room`. `refresh` answers where to listen when the address is too old; nothing: where
 * it was. Answers what ends it. */
export function listen(room, refresh = askAgain) {
  const seen = new Set(room.dataset.seen.split(" ").filter(Boolean));
  for (const line of room.querySelectorAll("[data-event]")) seen.add(line.dataset.event);
  let address = room.dataset.eventsUrl;
  let last = room.dataset.after;
  /** @type {EventSource | undefined} */
  let source;
  let failures = 0;
  let retry = 0;
  let cut = 0;
  let over = false;

  const tell = (kind, detail) =>
    document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail }));

  function take(kind, event) {
    last = event.lastEventId || last;
    if (seen.has(event.lastEventId)) return;
    seen.add(event.lastEventId);
    if (seen.size > MOST_SEEN) seen.delete(seen.values().next().value);
    tell(kind, { ...JSON.parse(event.data), event_id: Number(event.lastEventId) });
    if (kind === "ended") leave();
  }

  function join() {
    clearTimeout(retry);
    source?.close();
    const url = new URL(address, location.href);
    url.searchParams.set("after", last);
    const next = new EventSource(url);
    source = next;
    for (const kind of KINDS) next.addEventListener(kind, (event) => take(kind, event));
    next.addEventListener("viewers", (event) => tell("viewers", JSON.parse(event.data)));
    // an overlay hears that it is not cut off
    next.addEventListener("beat", () => tell("beat", {}));
    next.addEventListener("open", () => {
      failures = 0;
      clearTimeout(cut);
      cut = 0;
      tell("connected", {});
    });
    next.addEventListener("error", lost);
  }

  function lost() {
    cut ||= setTimeout(() => tell("cut", {}), CUT_MS);
    // Cut off, the browser comes back by itself; refused, it does not.
    if (source?.readyState !== EventSource.CLOSED || over) return;
    const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures) * (0.5 + Math.random());
    failures += 1;
    clearTimeout(retry);
    retry = setTimeout(comeBack, wait);
  }

  async function comeBack() {
    try {
      address = (await refresh(room)) || address;
    } catch {
      // The next try finds out.
    }
    if (!over) join();
  }

  function leave() {
    over = true;
    clearTimeout(retry);
    clearTimeout(cut);
    source?.close();
  }

  addEventListener("online", () => !over && join());
  // A page in the browser's back-forward cache must not hold a connection; when it comes back, so
  // does the stream.
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && !over && join());
  join();
  return { leave, join };
}

for (const room of document.querySelectorAll("[data-room]"))
  if (room.dataset.eventsUrl) listen(room);
