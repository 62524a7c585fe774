// The page of the camera: what is sent, seen first; hints; and sending it.
import { csrfToken, find } from "../js/page.js";
import { eye, Hints } from "./camera_hints.js";
import { fit, LARGE, measure, SMALL } from "./camera_line.js";
import { open, sizeOf } from "./camera_sources.js";
import { captions } from "./captions.js";
import { kindOf, Sender } from "./sender.js";

const LEVEL_MS = 120;
const HINT_MS = 1_000;
const page = find("[data-camera]");
const part = (name) => find(`[data-${name}]`, page);
const preview = /** @type {HTMLVideoElement} */ (part("preview"));
const videos = /** @type {HTMLSelectElement} */ (part("videos"));
const audios = /** @type {HTMLSelectElement} */ (part("audios"));
const level = /** @type {HTMLMeterElement} */ (part("level"));
const quality = /** @type {HTMLSelectElement} */ (part("quality"));
const shape = /** @type {HTMLSelectElement} */ (part("shape"));
const start = /** @type {HTMLButtonElement} */ (part("start"));
const stop = part("stop");
const voice = /** @type {HTMLButtonElement} */ (part("voice"));
const face = /** @type {HTMLImageElement | null} */ (page.querySelector("[data-face]"));

/** @type {Awaited<ReturnType<typeof open>> | undefined} what is seen and heard */
let source;
/** @type {Sender | undefined} */
let sender;
let hints = new Hints();
let kbit = 0; // what the line takes up; 0: not known
let shown = false; // what is sent is in the room
let off = false; // the microphone, by its owner
let muted = false; // by whoever may say so
let opened = 0; // of two choices the later one counts

const chosen = () => find("[name=source]:checked", page).getAttribute("value") ?? "camera";
const words = (name) => page.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`] ?? "";
const sending = () => ({ large: LARGE, small: SMALL })[quality.value] ?? fit(kbit);
const size = () => sizeOf({ upright: shape.value === "upright", small: sending().small });

function say(what, { detail = "", bad = false } = {}) {
  part("status").textContent = detail || words(what);
  part("status").classList.toggle("is-bad", bad);
}

function hint(name) {
  const text = name ? words(name) : "";
  if (part("hint-words").textContent !== text) part("hint-words").textContent = text;
  part("hint").hidden = !text;
}

function fill(select, devices, inUse) {
  select.replaceChildren(
    ...devices.map(({ deviceId, label }, number) => {
      const name = label || `${number + 1}`;
      return new Option(name, deviceId, false, deviceId === inUse);
    }),
  );
  select.disabled = devices.length < 2;
}

async function list() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const of = (kind) => devices.filter((device) => device.kind === kind);
  const camera = chosen() === "camera";
  part("videos-field").hidden = !camera;
  if (camera) fill(videos, of("videoinput"), source?.devices.video);
  fill(audios, of("audioinput"), source?.devices.audio);
}

function refused(error) {
  const name = error instanceof DOMException ? error.name : "";
  // Whoever closes the choice of a screen said no to that, and to nothing else.
  if (name === "NotAllowedError" && chosen() === "screen") return say("unchosen");
  say(name === "NotAllowedError" ? "denied" : "none", { bad: true });
}

async function look() {
  opened += 1;
  const turn = opened;
  const wishes = { kind: chosen(), video: videos.value, audio: audios.value, size: size(), face };
  let found;
  try {
    found = await open(wishes);
  } catch (error) {
    return refused(error);
  }
  if (turn !== opened) return found.end();
  source?.end();
  source = found;
  hush();
  voice.disabled = !found.voiced;
  hints = new Hints();
  hint("");
  part("stage").classList.toggle("is-mirrored", wishes.kind === "camera");
  part("stage").classList.toggle("is-upright", wishes.size.height > wishes.size.width);
  preview.srcObject = found.stream;
  preview.hidden = false;
  part("empty").hidden = true;
  // A screen that its owner stops sharing ends by itself.
  found.picture.addEventListener("ended", () => source === found && gone());
  await preview.play().catch(() => undefined);
  await list();
  spoken.again();
  if (sender) return sender.again();
  start.disabled = false;
  say("ready");
}

function hush() {
  source?.hush(off || muted);
  spoken.live(shown && !off && !muted);
  voice.setAttribute("aria-pressed", String(!off));
  find("[data-when-on]", voice).hidden = off;
  find("[data-when-off]", voice).hidden = !off;
}

function gone() {
  if (sender) leave();
  start.disabled = true;
  preview.hidden = true;
  part("empty").hidden = false;
  say("gone", { bad: true });
}

const light = eye(preview);
setInterval(() => {
  if (source) level.value = source.loud();
}, LEVEL_MS);
setInterval(() => {
  if (!source) return;
  const camera = chosen() === "camera";
  const name = hints.after({
    light: camera ? light() : undefined,
    loud: level.value,
    voiced: source.voiced,
    hushed: off,
  });
  hint(name || (sending().small && quality.value === "auto" ? "slow" : ""));
}, HINT_MS);

function record() {
  if (!source) throw new Error("There is nothing to record.");
  const options = {
    mimeType: kindOf((kind) => MediaRecorder.isTypeSupported(kind)),
    videoBitsPerSecond: sending().bits,
    audioBitsPerSecond: 128_000,
    videoKeyFrameIntervalDuration: 1_000, // a segment begins with one
  };
  return new MediaRecorder(source.stream, options);
}

const spoken = captions(page, {
  track: () => source?.voice,
  say: (said) => sender?.say(said),
});

function show(live) {
  shown = live;
  part("live").hidden = !live;
  hush();
}

function hear(state, detail) {
  if (state === "slow") {
    kbit = SMALL.bits / 1_000;
    if (quality.value === "auto") look();
    return;
  }
  if (state === "over") {
    finish();
    return say("stopped", { detail, bad: true });
  }
  show(state === "live");
  if (state !== "ready") say(state, { bad: state === "lost" });
}

function finish() {
  sender = undefined;
  stop.hidden = true;
  start.hidden = false;
  show(false);
}

function leave() {
  sender?.end();
  finish();
  say("stopped");
}

function begin() {
  const kind = kindOf((one) => globalThis.MediaRecorder?.isTypeSupported(one));
  if (!kind) return say("unable", { bad: true });
  /** @type {HTMLInputElement | null} */
  const title = page.querySelector("[data-title]");
  const address = new URL("/video/camera/", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  start.hidden = true;
  stop.hidden = false;
  say("connecting");
  sender = new Sender({
    open: () => new WebSocket(address),
    record,
    hello: () => ({ token: page.dataset.token, type: kind, title: title?.value ?? "" }),
    tell: hear,
  });
}

part("allow").addEventListener("click", async () => {
  if (!navigator.mediaDevices) return say("unable", { bad: true });
  const measured = measure(page.dataset.line, csrfToken());
  await look();
  kbit = await measured;
  if (source && sending().small && quality.value === "auto") await look();
});
for (const select of [videos, audios, shape, quality])
  select.addEventListener("change", () => source && look());
for (const radio of page.querySelectorAll("[name=source]"))
  radio.addEventListener("change", () => source && look());
start.addEventListener("click", begin);
stop.addEventListener("click", leave);
voice.addEventListener("click", () => {
  off = !off;
  hush();
});
// A guest's page says so: they were muted, or they go.
document.addEventListener("camera:muted", ({ detail }) => {
  muted = detail.muted;
  hush();
});
document.addEventListener("camera:end", () => {
  leave();
  opened += 1; // what is being opened is not wanted any more
  source?.end();
  source = undefined;
  start.disabled = true;
  preview.hidden = true;
});
navigator.mediaDevices?.addEventListener("devicechange", () => source && list());
addEventListener("beforeunload", (event) => sender && event.preventDefault());

// A phone in the hand is upright; one that cannot show its screen is not asked to.
if (matchMedia("(orientation: portrait) and (pointer: coarse)").matches) shape.value = "upright";
if (!navigator.mediaDevices?.getDisplayMedia) page.querySelector("[data-screen]")?.remove();
