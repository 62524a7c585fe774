// The room's picture while its creator is live, and those of guests beside it: what plays them is
// fetched when the first one comes.
import { find, whenLoaded } from "../js/page.js";
import { controls } from "./controls.js";
import { beginsStill, chosen } from "./kept.js";
import { Player } from "./playing.js";

const frame = find("[data-room]");
const video = /** @type {HTMLVideoElement | null} */ (frame.querySelector("video[data-video]"));

/** The picture of a room, with what one can press; of a preview, which has nothing to press. */
function watchRoom(element) {
  const player = new Player(element);
  const wait = /** @type {HTMLElement | null} */ (frame.querySelector("[data-gap]"));
  const preview = !frame.querySelector("[data-controls]");
  let src = element.dataset.picture ?? "";
  let still = !preview && beginsStill();
  const choose = (wish) => {
    still = wish;
    element.toggleAttribute("data-still", still);
    delete element.dataset.shape; // the still picture covers all
    if (still) player.rest();
    else if (src) player.show(src);
    shown();
    tell();
    document.dispatchEvent(new CustomEvent("video:still", { detail: { still } }));
  };
  element.toggleAttribute("data-still", still);
  const tell = controls(frame, element, { still: () => still, choose });
  if (!preview) Object.assign(element, { muted: chosen().muted, volume: chosen().volume });

  const shown = () => {
    if (wait) wait.hidden = true;
    element.toggleAttribute("hidden", false);
  };
  element.addEventListener("playing", () => player.src && shown());
  // A phone held upright shows all of a wide picture, not a strip out of its middle.
  element.addEventListener("resize", () => {
    if (!player.src || !element.videoWidth) return;
    element.dataset.shape = element.videoWidth > element.videoHeight ? "wide" : "tall";
  });
  document.addEventListener("live:picture", ({ detail }) => {
    src = detail.src;
    if (detail.state === "live" && still) return shown();
    if (detail.state === "live") return src === player.src || player.show(src);
    element.pause();
    player.leave();
    delete element.dataset.shape;
    if (wait) wait.hidden = false;
  });
  document.addEventListener("live:ended", () => {
    src = "";
    player.leave();
    if (wait) wait.hidden = true;
  });
  if (src) whenLoaded(() => still || player.src || player.show(src));
  return { player, still: () => still };
}

const room = video ? watchRoom(video) : undefined;
const box = /** @type {HTMLElement | null} */ (frame.querySelector("[data-tiles]"));
/** @type {Promise<import("./guests.js").Tiles> | undefined} */
let tiles;

async function seats() {
  tiles ??= import("./guests.js").then(({ Tiles }) => new Tiles(find("[data-tiles]", frame), room));
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
