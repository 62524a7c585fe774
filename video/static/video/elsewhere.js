// Video from elsewhere in a room: loaded by a press, since its server sees the viewer's address
// then. What was chosen for a server holds for its next video. The frame shows a page of ours, which
// alone may ask that server.
import { find } from "../js/page.js";
import { fullScreen } from "./full_screen.js";
import { beginsStill } from "./kept.js";
import { forget, isKept, keep } from "./servers.js";

const frame = find("[data-room]");

/** @param {HTMLElement} place */
function showIn(place) {
  const ask = /** @type {HTMLElement} */ (find("[data-ask]", place));
  const load = /** @type {HTMLAnchorElement} */ (find("[data-load]", place));
  const bar = /** @type {HTMLElement} */ (find("[data-loaded]", place));
  const whole = /** @type {HTMLElement} */ (find("[data-all-screen]", place));
  /** @type {HTMLIFrameElement | undefined} */
  let shown;

  const words = (text) =>
    text.replace("{name}", place.dataset.name ?? "").replace("{host}", place.dataset.host ?? "");

  function unload() {
    shown?.remove();
    shown = undefined;
    ask.hidden = false;
    bar.hidden = true;
  }

  function show() {
    unload();
    shown = document.createElement("iframe");
    shown.className = "elsewhere-video__frame";
    shown.title = words(place.dataset.frameTitle ?? "");
    shown.allow = "autoplay; fullscreen; picture-in-picture; encrypted-media";
    shown.src = load.href;
    ask.hidden = true;
    place.prepend(shown);
    bar.hidden = false;
  }

  function begin() {
    for (const one of place.querySelectorAll("[data-words]"))
      one.textContent = words(/** @type {HTMLElement} */ (one).dataset.words ?? "");
    place.hidden = false;
    if (isKept(place.dataset.host) && !beginsStill()) show();
    else unload();
  }

  function end() {
    unload();
    place.hidden = true;
  }

  load.addEventListener("click", (event) => {
    event.preventDefault();
    keep(place.dataset.host);
    show();
    find("[data-unload]", bar).focus();
  });
  find("[data-unload]", bar).addEventListener("click", () => {
    forget(place.dataset.host);
    unload();
    load.focus();
  });
  fullScreen(whole, /** @type {Element} */ (place.closest(".scene")));

  document.addEventListener("live:picture", ({ detail }) => {
    if (detail.state !== "elsewhere") return end();
    Object.assign(place.dataset, { name: detail.name, host: detail.host });
    begin();
  });
  document.addEventListener("live:ended", end);
  if (!place.hidden) begin();
}

const place = /** @type {HTMLElement | null} */ (frame.querySelector("[data-elsewhere]"));
if (place) showIn(place);
