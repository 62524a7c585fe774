// The wallet's sliders say in words where they stand, and that a place is not saved until it is set.
import { find, origin } from "../js/page.js";

document.addEventListener("input", (event) => {
  const slider = /** @type {HTMLInputElement} */ (origin(event));
  if (!slider.dataset?.words) return;
  const words = slider.dataset.words.split("|")[Number(slider.value)];
  slider.setAttribute("aria-valuetext", words);
  const limit = slider.closest("[data-limit]");
  if (!limit) return;
  const moved = slider.value !== slider.defaultValue;
  find("[data-limit-output]", limit).textContent = words;
  find("[data-limit-moved]", limit).hidden = !moved;
  find("[data-limit-set]", limit).classList.toggle("button-primary", moved);
});
