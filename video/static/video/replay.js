// The replay of a stream in its room: the picture, the bar to move in it, and all that was sent to
// the stream, told to the page as it came then.
import { find, whenLoaded } from "../js/page.js";
import { captions } from "./captions.js";
import { controls } from "./controls.js";
import { Feed } from "./feed.js";
import { library, playsItself } from "./hls.js";
import { chosen } from "./kept.js";
import { momentAt } from "./moments.js";

const TICK_MS = 250;
const MOST_TRIES = 6;
const AGAIN_MS = 2_000;
const OLD_MS = 10_000; // for so long a window may be kept that lacks what was just sent
const CONFIG = {
  enableWorker: false, // it would need a script that the page's policy does not know
  backBufferLength: 30,
  maxBufferLength: 30,
};

const frame = find("[data-room]");
const video = /** @type {HTMLVideoElement} */ (find("video[data-replay]", frame));
const bar = find("[data-replay-bar]", frame);
const place = /** @type {HTMLInputElement} */ (find("[data-place]", bar));
const length = Number(place.max);
const parts = JSON.parse(bar.dataset.parts ?? "[]");

// What is sent from this page belongs where its picture is.
const seen = (/** @type {number} */ second) => {
  frame.dataset.moment = momentAt(parts, second);
};
let changed = -OLD_MS;

captions(frame, video, () => undefined); // the feed tells each in time
controls(frame, video, { still: () => false, choose: () => undefined });
Object.assign(video, { muted: chosen().muted, volume: chosen().volume });

const two = (/** @type {number} */ count) => String(count).padStart(2, "0");

/** A second as a player shows it: 4:05, 1:02:09. */
function clock(second) {
  const [hours, rest] = [Math.floor(second / 3_600), Math.floor(second % 3_600)];
  const minutes = Math.floor(rest / 60);
  return hours ? `${hours}:${two(minutes)}:${two(rest % 60)}` : `${minutes}:${two(rest % 60)}`;
}

const feed = new Feed({
  length,
  async load(at) {
    const answer = await fetch(`${bar.dataset.events}?at=${at.toFixed(3)}`, {
      signal: AbortSignal.timeout(10_000),
      cache: performance.now() - changed < OLD_MS ? "reload" : "default",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  },
  tell: (kind, detail) => document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail })),
  rewind: () => document.dispatchEvent(new CustomEvent("live:rewind")),
});

function show(second) {
  const at = clock(second);
  place.value = String(Math.floor(second));
  place.setAttribute(
    "aria-valuetext",
    (place.dataset.text ?? "").replace("{at}", at).replace("{length}", clock(length)),
  );
  find("[data-at]", bar).textContent = at;
}

for (const kind of /** @type {const} */ (["live:gift", "live:undo"]))
  document.addEventListener(kind, ({ detail }) => {
    if (detail.replayed) return;
    changed = performance.now();
    if (detail.event_id) feed.knows(detail.event_id);
  });

let tries = 0;
async function attach() {
  const src = video.dataset.replay ?? "";
  const begin = Math.min(
    Math.max(Number(new URLSearchParams(location.search).get("t")) || 0, 0),
    length,
  );
  if (playsItself(video)) {
    video.src = src;
    video.addEventListener("loadedmetadata", () => begin && move(begin), { once: true });
  } else {
    const Hls = await library();
    const hls = new Hls({ ...CONFIG, startPosition: begin });
    hls.on(Hls.Events.ERROR, (_event, { fatal }) => {
      if (!fatal) return;
      tries += 1;
      if (tries > MOST_TRIES) return fail();
      setTimeout(() => hls.startLoad(video.currentTime), AGAIN_MS * tries);
    });
    hls.on(Hls.Events.FRAG_BUFFERED, () => {
      tries = 0;
    });
    hls.loadSource(src);
    hls.attachMedia(video);
  }
  show(begin);
  seen(begin);
  feed.jump(begin);
  frame.dataset.begun = "";
  video.play().catch(() => {
    // A browser that starts nothing aloud may start it unheard; the buttons show what is so.
    video.muted = true;
    video.play().catch(() => undefined);
  });
}

function fail() {
  find("[data-replay-trouble]", frame).hidden = false;
}

function move(second) {
  video.currentTime = Math.min(second, Math.max(0, length - 0.1));
}

// A clip begins where the picture is.
const clip = /** @type {HTMLAnchorElement | null} */ (bar.querySelector("[data-clip-from]"));
clip?.addEventListener("click", () => {
  const address = new URL(clip.href);
  address.searchParams.set("at", video.currentTime.toFixed(1));
  clip.href = address.href;
});

let moving = false;
place.addEventListener("input", () => {
  moving = true;
  show(Number(place.value));
});
place.addEventListener("change", () => {
  moving = false;
  move(Number(place.value));
});
video.addEventListener("seeking", () => feed.jump(video.currentTime));
video.addEventListener("resize", () => {
  // A phone held upright shows all of a wide picture, not a strip out of its middle.
  if (video.videoWidth)
    video.dataset.shape = video.videoWidth > video.videoHeight ? "wide" : "tall";
});
setInterval(() => {
  if (!moving) show(video.currentTime);
  if (video.readyState) seen(video.currentTime);
  if (!video.paused && !video.seeking) feed.play(video.currentTime);
}, TICK_MS);
video.addEventListener("ended", () => feed.play(length));

whenLoaded(() => attach().catch(fail));
