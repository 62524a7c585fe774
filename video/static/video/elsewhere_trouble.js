// Says that video from elsewhere does not play, once it did not for a while; the player goes on
// trying.
import { find } from "../js/page.js";

const PATIENCE_MS = 12_000;

const video = /** @type {HTMLVideoElement} */ (find("video[data-video]"));
const trouble = /** @type {HTMLElement} */ (find("[data-trouble]"));
let waits = 0;

const isThere = () => video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;

/** Wait once: each new try of the player begins with nothing. */
function wait() {
  if (waits || !trouble.hidden) return;
  waits = setTimeout(() => {
    waits = 0;
    trouble.hidden = isThere();
  }, PATIENCE_MS);
}

function plays() {
  if (!isThere()) return;
  clearTimeout(waits);
  waits = 0;
  trouble.hidden = true;
}

for (const event of ["waiting", "stalled", "emptied"]) video.addEventListener(event, wait);
for (const event of ["playing", "timeupdate"]) video.addEventListener(event, plays);
wait();
