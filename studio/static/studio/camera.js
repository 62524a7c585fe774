// The page of the camera: preview, choice of devices, level, and sending what is seen.
import { find } from "../js/page.js";
import { kindOf, Sender } from "./sender.js";

const LOOK_MS = 120;
const BITS = 2_500_000;
const page = find("[data-camera]");
const part = (name) => find(`[data-${name}]`, page);
const preview = /** @type {HTMLVideoElement} */ (part("preview"));
const videos = /** @type {HTMLSelectElement} */ (part("videos"));
const audios = /** @type {HTMLSelectElement} */ (part("audios"));
const level = /** @type {HTMLMeterElement} */ (part("level"));
const start = /** @type {HTMLButtonElement} */ (part("start"));
const stop = part("stop");

/** @type {MediaStream | undefined} what the camera sees */
let seen;
/** @type {Sender | undefined} */
let sender;
/** @type {AudioContext | undefined} */
let hearing;

function say(what, { detail = "", bad = false } = {}) {
  const words = detail || page.dataset[`say${what[0].toUpperCase()}${what.slice(1)}`] || "";
  part("status").textContent = words;
  part("status").classList.toggle("is-bad", bad);
}

function fill(select, devices, chosen) {
  select.replaceChildren(
    ...devices.map(({ deviceId, label }, number) => {
      const name = label || `${number + 1}`;
      return new Option(name, deviceId, false, deviceId === chosen);
    }),
  );
  select.disabled = devices.length < 2;
}

const deviceOf = (kind) =>
  seen
    ?.getTracks()
    .find((track) => track.kind === kind)
    ?.getSettings().deviceId ?? "";

async function list() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const of = (kind) => devices.filter((device) => device.kind === kind);
  fill(videos, of("videoinput"), deviceOf("video"));
  fill(audios, of("audioinput"), deviceOf("audio"));
}

function measure(stream) {
  hearing?.close();
  hearing = new AudioContext();
  const analyser = hearing.createAnalyser();
  hearing.createMediaStreamSource(stream).connect(analyser);
  const waves = new Float32Array(analyser.fftSize);
  const look = setInterval(() => {
    if (seen !== stream) return clearInterval(look);
    analyser.getFloatTimeDomainData(waves);
    const loud = Math.sqrt(waves.reduce((sum, wave) => sum + wave * wave, 0) / waves.length);
    level.value = Math.min(1, loud * 3);
  }, LOOK_MS);
}

const wish = (id) => (id ? { deviceId: { exact: id } } : {});

async function look(video = "", audio = "") {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
  const before = seen;
  try {
    seen = await navigator.mediaDevices.getUserMedia({
      video: { ...size, ...wish(video) },
      audio: { echoCancellation: true, ...wish(audio) },
    });
  } catch (error) {
    const denied = error instanceof DOMException && error.name === "NotAllowedError";
    return say(denied ? "denied" : "none", { bad: true });
  }
  for (const track of before?.getTracks() ?? []) track.stop();
  preview.srcObject = seen;
  preview.hidden = false;
  part("empty").hidden = true;
  await preview.play().catch(() => undefined);
  measure(seen);
  await list();
  if (sender) return sender.again();
  start.disabled = false;
  say("ready");
}

function record() {
  if (!seen) throw new Error("The camera is off.");
  const options = {
    mimeType: kindOf((kind) => MediaRecorder.isTypeSupported(kind)),
    videoBitsPerSecond: BITS,
    audioBitsPerSecond: 128_000,
    videoKeyFrameIntervalDuration: 1_000, // a segment begins with one
  };
  return new MediaRecorder(seen, options);
}

function show(live) {
  part("live").hidden = !live;
}

function hear(state, detail) {
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

part("allow").addEventListener("click", () => {
  if (!navigator.mediaDevices) return say("unable", { bad: true });
  look();
});
for (const select of [videos, audios])
  select.addEventListener("change", () => look(videos.value, audios.value));
start.addEventListener("click", begin);
stop.addEventListener("click", () => {
  sender?.end();
  finish();
  say("stopped");
});
navigator.mediaDevices?.addEventListener("devicechange", () => seen && list());
addEventListener("beforeunload", (event) => sender && event.preventDefault());
