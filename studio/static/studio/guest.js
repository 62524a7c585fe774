// The page of a guest: the stream they are in, heard as soon as they begin; what others decide about
// them; and the way out.
import { find } from "../js/page.js";

const page = find("[data-guest-page]");
const own = page.dataset.guestPage;
const on = find("[data-guest-on]", page);
const video = /** @type {HTMLVideoElement} */ (find("video[data-video]", page));
const leaving = /** @type {HTMLFormElement} */ (find("[data-guest-leave]", page));

const tell = (name, detail = {}) => document.dispatchEvent(new CustomEvent(name, { detail }));

function mute(muted) {
  find("[data-muted]", page).hidden = !muted;
  tell("camera:muted", { muted }); // nothing of their voice leaves this device either
}

function over(why) {
  tell("camera:end");
  on.inert = true;
  find("[data-guest-why]", page).textContent = why ?? "";
  find("[data-guest-over]", page).hidden = false;
}

document.addEventListener("live:guests", ({ detail }) => {
  const mine = detail.guests.find(({ id }) => id === own);
  if (mine) mute(mine.muted);
  else over(on.dataset.whyGone);
});
document.addEventListener("live:ended", () => over(on.dataset.whyOver));
document.addEventListener("live:started", () => location.reload());

// The press that opens the camera lets a browser play sound: a guest has to hear the others.
find("[data-allow]", page).addEventListener("click", () => {
  video.muted = false;
  if (video.paused) video.play().catch(() => undefined);
});
leaving.addEventListener("submit", () => tell("camera:end"));
mute("guestMuted" in page.dataset);
