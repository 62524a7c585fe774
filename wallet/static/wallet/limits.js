// The wallet's sliders say in words where they stand.

document.addEventListener("input", (event) => {
  const slider = event.target;
  if (!slider.dataset?.words) return;
  const words = slider.dataset.words.split("|")[slider.value];
  slider.closest("[data-limit]").querySelector("[data-limit-output]").textContent = words;
  slider.setAttribute("aria-valuetext", words);
});
