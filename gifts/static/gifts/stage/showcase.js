// A preview of a gift: a press of `data-play` plays it on the page's stage. Nothing
// is sent.
import { origin, whenLoaded } from "../../js/page.js";

const stage = document.querySelector("[data-stage]");
/** @type {{dataset: Record<string, any>} & HTMLElement | null} */
const said = document.querySelector("[data-played]");
const viewer = document.querySelector("[data-viewer]")?.dataset.viewer || null;
let number = 0;

/** Play what a button holds, at once: a press of the next one ends the last. */
function play(button) {
  const gift = JSON.parse(button.dataset.play);
  const director = stage?.director;
  if (gift.kind !== "sticker" && gift.kind !== "small") {
    for (const lane of Object.values(director?.lanes ?? {})) lane.clear();
    director?.stage.stop("stopped");
  }
  number += 1;
  document.querySelector("[data-play].is-playing")?.classList.remove("is-playing");
  button.classList.add("is-playing");
  setTimeout(() => button.classList.remove("is-playing"), gift.duration_ms);
  if (said)
    said.textContent = said.dataset.played.replace("{gift}", gift.name).replace("{alt}", gift.alt);
  document.dispatchEvent(
    new CustomEvent("live:gift", {
      detail: { ...gift, from: viewer, id: `showcase-${number}`, at: new Date().toISOString() },
    }),
  );
}

document.addEventListener("click", (event) => {
  const button = origin(event).closest("[data-play]");
  if (button && stage) play(button);
});

const first = document.querySelector("[data-play-first]");
if (first && stage) whenLoaded(() => play(first));
