// An overlay in OBS: waits until its creator is on air, receives the room's events, and shows them. It
// never reloads by itself and never asks for anything but its own address: whatever goes wrong, it
// comes back, and shows no more than a small mark meanwhile.
import { find } from "../js/page.js";
import { Stage } from "../gifts/stage/stage.js";
import { volume } from "../gifts/stage/sound.js";
import { listen } from "../live/events.js";
import { Alerts } from "./alerts.js";
import { Cursor } from "./cursor.js";
import { slot } from "./slot.js";
import { Voice } from "./voice.js";
import { Goal, Supporters, Ticker } from "./widgets.js";
import { named, put } from "./phrases.js";

const OFF_AIR_MS = 6_000;
const AGAIN_MS = 3_000; // sums are read again at most so often while gifts come
const OVERLAP_MS = 10_000;
const SILENT_MS = 5_000;
const CUT_MS = 2_000; // longer than the three seconds after which the events say so
const GIVEN_UP_MS = 60_000; // how often an address that is gone asks whether it is again

const root = find("[data-overlay]");
const facts = /** @type {Record<string, string>} */ (root.dataset);
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const base = new URL(facts.static, location.href);
const mark = find('[data-part="mark"]', root);
const tall = matchMedia("(orientation: portrait)");

const phrases = {
  ...facts,
  address: (path) => new URL(path, base).href,
  spoken(alert) {
    const { first: gift, message } = alert;
    const sentence = put(facts.said, {
      from: gift.from || facts.somebody,
      gift: named(facts, gift),
    });
    return message ? `${sentence}. ${message}` : sentence;
  },
};

const shape = () =>
  (root.dataset.shape = facts.layout === "auto" ? (tall.matches ? "tall" : "wide") : facts.layout);
tall.addEventListener("change", shape);
shape();

const goal = part("goal") && new Goal(part("goal"), phrases);
const supporters = part("supporters") && new Supporters(part("supporters"), phrases);
const ticker = part("ticker") && new Ticker(part("ticker"), phrases);
/** @type {Alerts | undefined} */
let alerts;
/** @type {Cursor | undefined} */
let cursor;
/** @type {{id: string, subscription: ReturnType<typeof listen>} | undefined} */
let stream;
/** @type {import("./alerts.js").Settings | undefined} */
let settings;
let soon = 0;
let tested = "";
let listedAt = 0; // the same for the latest gifts
let readAt = 0; // the server's time at which the sums were read
let commands = 0; // commands of the console, counted

/** What the mark says: nothing, "cut" or "gone". */
function show(state) {
  mark.hidden = !state;
  mark.dataset.state = state;
}

/** The address of this overlay is no more. */
class Gone extends Error {}
const isGone = (error) => error instanceof Gone;

/** Read the state. What the console did meanwhile is newer than the answer. */
async function readState() {
  const before = commands;
  const answer = await fetch(facts.state, {
    credentials: "omit",
    signal: AbortSignal.timeout(8_000),
  });
  if (answer.status === 404) throw new Gone();
  if (!answer.ok) throw new Error(String(answer.status));
  const state = await answer.json();
  if (before !== commands && alerts) state.settings.paused = alerts.settings.paused;
  return state;
}

/** Show what the state says, except alerts: those come as events. */
function dress(state) {
  readAt = new Date(state.now).getTime();
  const now = /** @type {import("./alerts.js").Settings} */ (state.settings);
  settings = now;
  root.dataset.paused = String(now.paused);
  volume(now.volume / 100);
  const all = facts.widget === "all";
  for (const [name, wanted] of [
    ["goal", now.show_goal],
    ["supporters", now.show_supporters],
    ["ticker", now.show_ticker],
  ]) {
    part(name)
      ?.closest("[data-place]")
      ?.toggleAttribute("hidden", all && !wanted);
  }
  goal?.show(state.goal);
  supporters?.show(state.supporters);
  if (alerts) {
    alerts.behind = readAt - Date.now();
    alerts.use(now);
    if (state.test && state.test.id !== tested) alerts.test(state.test);
    tested = state.test?.id ?? tested;
  }
}

function subscribe(state) {
  cursor?.rejoined();
  const seat = document.createElement("div");
  const seen = cursor ? [...cursor.done].join(" ") : "";
  Object.assign(seat.dataset, {
    eventsUrl: state.stream.url,
    after: String(cursor?.to ?? state.stream.newest),
    seen,
    line: `${state.stream.id} overlay ${facts.key}`,
  });
  // A source that OBS does not show goes on playing, and so it must be told.
  stream = { id: state.stream.id, subscription: listen(seat, refresh, { always: true }) };
  listedAt = readAt;
  ticker?.show(state.latest);
}

/** The events' address is too old, or the server was away: ask for a new one, and whether it is
 * still this stream. */
async function refresh() {
  try {
    const state = await readState();
    dress(state);
    if (state.stream?.id === stream?.id) return state.stream.url;
    leave();
    poll(0);
  } catch (error) {
    if (isGone(error)) gone();
  }
  return "";
}

function leave() {
  stream?.subscription.leave();
  stream = undefined;
}

function gone() {
  leave();
  alerts?.pause(true);
  show("gone");
  poll(GIVEN_UP_MS);
}

let polling = 0;
function poll(wait = OFF_AIR_MS) {
  clearTimeout(polling);
  polling = setTimeout(seek, wait * (0.8 + 0.4 * Math.random()));
}

/** Off air: ask now and then whether the next stream has begun. */
async function seek() {
  let state;
  try {
    state = await readState();
  } catch (error) {
    if (isGone(error)) return gone();
    lost();
    return poll();
  }
  await begin(state);
  found();
  dress(state);
  if (!state.stream) {
    ticker?.show([]);
    return poll();
  }
  if (!stream) subscribe(state);
  return undefined;
}

/** @type {Promise<void> | undefined} */
let ready;
/** Once: find the place where this overlay keeps how far it is, and go on from there. */
function begin(state) {
  ready ??= (async () => {
    if (!part("alerts")) return;
    const preview = !facts.played; // it shows what comes from now on, and keeps nothing
    const key = preview ? null : await slot(`overlay:${facts.key}:${facts.widget}:${facts.layout}`);
    const stage = new Stage(part("stage"), {
      base: facts.static,
      full: "inside",
      words: phrases,
      captions: false,
      skippable: false,
      loud: () => Boolean(settings?.sound && settings.volume),
    });
    const lowest = () => shown.lowest();
    const mine = new Cursor({ key, address: facts.played, lowest });
    const place = part("alerts");
    const voice = new Voice();
    const { settings: first } = state;
    const shown = new Alerts({ stage, place, cursor: mine, voice, phrases, settings: first });
    [cursor, alerts] = [mine, shown];
    mine.begin(preview ? { to: state.stream?.newest ?? 0, done: [] } : state.played);
  })();
  return ready;
}

// --- What happens ------------------------------------------------------------------------------

const on = (kind, then) =>
  document.addEventListener(`live:${kind}`, (event) =>
    then(/** @type {CustomEvent} */ (event).detail),
  );

/** Note that an event came, which may come twice and says the same then. */
function received({ event_id: id }) {
  if (cursor && id) cursor.receive(id);
}

/** Do it if this overlay has not done it. */
function once(detail, then) {
  received(detail);
  if (!cursor?.has(detail.event_id)) then(detail);
}

/** The same, for what is done with that: alerts report themselves when they are. */
function atOnce(detail, then) {
  once(detail, () => {
    if (detail.event_id) cursor?.mark(detail.event_id);
    then(detail);
  });
}

/** Read the sums again, once for everything that comes meanwhile. */
function recount(wait = AGAIN_MS) {
  if (soon) return;
  soon = setTimeout(async () => {
    soon = 0;
    try {
      dress(await readState());
    } catch (error) {
      if (isGone(error)) gone();
    }
  }, wait);
}

function came(gift) {
  const at = new Date(gift.at).getTime();
  alerts?.gift(gift);
  if (at > readAt && !gift.to_handle) goal?.add(gift); // what is older stands in the sums that were read
  if (at > listedAt - OVERLAP_MS) ticker?.add(gift);
  if (goal || supporters) recount();
}

function takenBack(undone) {
  received(undone);
  alerts?.undo(undone.id);
  ticker?.undo(undone);
  if (cursor?.has(undone.event_id)) return;
  if (!undone.to_handle) goal?.add(undone, -1);
  if (goal || supporters) recount();
}

function command(control) {
  commands += 1;
  alerts?.control(control);
}

function over(detail) {
  received(detail);
  stream = undefined;
  poll();
}

on("gift", (detail) => once(detail, came));
on("undo", takenBack);
on("alerts", (detail) => alerts && once(detail, command));
on("test", (detail) => alerts && atOnce(detail, (gift) => alerts?.test(gift)));
on("goal", (detail) => atOnce(detail, (set) => goal?.show(set)));
on("settings", (detail) => atOnce(detail, () => recount(0)));
on("ended", over);
on("hide", (detail) => {
  received(detail);
  if (detail.id) alerts?.hide(detail.id);
});
for (const kind of ["chat", "thanks", "started"]) on(kind, received);

// --- Cut off ------------------------------------------------------------------------------------

let cut = 0;
function lost(wait = SILENT_MS) {
  cut ||= setTimeout(() => show("cut"), wait);
}

on("cut", () => lost(CUT_MS));
addEventListener("offline", () => lost());

function found() {
  clearTimeout(cut);
  cut = 0;
  show("");
}

on("connected", () => {
  cursor?.rejoined();
  found();
});

poll(0);
