// The wallet's sliders say in words where they stand.
import { origin } from "../js/page.js";

document.addEventListener("input", (event) => {
  const slider = /** @type {HTMLInputElement} */ (origin(event));
  if (!slider.dataset?.words) return;
  const words = slider.dataset.words.split("|")[Number(slider.value)];
  const shown = slider.closest("[data-limit]")?.querySelector("[data-limit-output]");
  if (shown) shown.textContent = words;
  slider.setAttribute("aria-valuetext", words);
});
