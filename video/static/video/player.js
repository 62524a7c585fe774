// The room's picture while its creator is live, and those of guests beside it: what plays them is
// fetched when the first one comes.
import { find, whenLoaded } from "../js/page.js";
import { captions } from "./captions.js";
import { controls } from "./controls.js";
import { beginsStill, chosen } from "./kept.js";
import { Player } from "./playing.js";
import { quality } from "./quality.js";
import { Still, soundOf } from "./saver.js";

const frame = find("[data-room]");
const video = /** @type {HTMLVideoElement | null} */ (frame.querySelector("video[data-video]"));

/** The picture of a room, with what one can press; of a preview, which has nothing to press. */
function watchRoom(element) {
  const player = new Player(element);
  const wait = /** @type {HTMLElement | null} */ (frame.querySelector("[data-gap]"));
  const preview = !frame.querySelector("[data-controls]");
  let src = element.dataset.picture ?? "";
  let still = !preview && beginsStill();
  let silent = ""; // the picture that has no sound
  const saved = preview ? undefined : new Still(element);
  const heard = () => src !== "" && src !== silent;
  /** Play what is wanted of the picture; of a still one its sound, and that only if it is on. */
  const begin = () => {
    saved?.of(still ? src : "");
    const wanted = !still ? src : heard() && !element.muted ? soundOf(src) : "";
    if (wanted !== player.src) wanted ? player.show(wanted) : player.rest();
  };
  const choose = (wish) => {
    still = wish;
    element.toggleAttribute("data-still", still);
    delete element.dataset.shape; // the still picture covers all
    begin();
    shown();
    tell();
    document.dispatchEvent(new CustomEvent("video:still", { detail: { still } }));
  };
  element.toggleAttribute("data-still", still);
  const tell = controls(frame, element, { still: () => still, heard, choose });
  element.addEventListener("volumechange", () => still && begin());
  player.missing = (address) => {
    if (address !== soundOf(src)) return false;
    silent = src;
    begin();
    tell();
    return true;
  };
  element.addEventListener("error", () => player.hls || player.missing(player.src));
  const { choice, levels } = quality(frame, () => player.choose());
  Object.assign(player, { choice, levels: (count) => levels(still ? 0 : count) });
  captions(frame, element, () => player.date());
  if (!preview) Object.assign(element, { muted: chosen().muted, volume: chosen().volume });

  const shown = () => {
    if (wait) wait.hidden = true;
    element.toggleAttribute("hidden", false);
  };
  element.addEventListener("playing", () => player.src && shown());
  // A phone held upright shows all of a wide picture, not a strip out of its middle.
  element.addEventListener("resize", () => {
    if (!player.src || still || !element.videoWidth) return;
    element.dataset.shape = element.videoWidth > element.videoHeight ? "wide" : "tall";
  });
  document.addEventListener("live:picture", ({ detail }) => {
    src = detail.src;
    if (detail.state === "live") {
      begin();
      return still && shown();
    }
    element.pause();
    player.leave();
    delete element.dataset.shape;
    // Without a gap there is no picture of ours to wait for.
    if (wait) wait.hidden = detail.state !== "gap";
    if (detail.state !== "gap") element.hidden = true;
  });
  document.addEventListener("live:ended", () => {
    src = "";
    player.leave();
    if (wait) wait.hidden = true;
  });
  if (src) whenLoaded(() => player.src || begin());
  return { player, still: () => still };
}

const room = video ? watchRoom(video) : undefined;
const box = /** @type {HTMLElement | null} */ (frame.querySelector("[data-guest-tiles]"));
/** @type {Promise<import("./guests.js").Tiles> | undefined} */
let tiles;

async function seats() {
  tiles ??= import("./guests.js").then(
    ({ Tiles }) => new Tiles(find("[data-guest-tiles]", frame), room),
  );
  return tiles;
}

if (box) {
  if (box.dataset.guests) whenLoaded(seats);
  document.addEventListener("live:guests", async ({ detail }) => {
    if (tiles || detail.guests.length) (await seats()).seat(detail.guests);
  });
  document.addEventListener("live:guest_picture", async ({ detail }) => {
    (await seats()).show(detail);
  });
}
