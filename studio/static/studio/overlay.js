// The overlay's page in the studio: the shape of the preview, the zone of the goal's end, whether
// this browser has voices.
import { find, origin } from "../js/page.js";

const look = document.querySelector("[data-look]");
const shapes = document.querySelector("[data-shapes]");

if (look && shapes) {
  shapes.hidden = false;
  shapes.addEventListener("click", (event) => {
    const button = origin(event).closest("[data-show]");
    if (!button) return;
    look.dataset.shape = button.dataset.show;
    for (const one of shapes.children) one.setAttribute("aria-pressed", String(one === button));
  });
}

/** @type {HTMLInputElement | null} */
const zone = document.querySelector('[name="goal-zone"]');
if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

const muted = document.querySelector(".mute");
muted?.addEventListener("change", () => {
  find("[data-muted-count]", muted).textContent = String(muted.querySelectorAll(":checked").length);
});

const voiceStatus = document.querySelector("[data-voices]");
/** @type {HTMLSelectElement | null} */
const language = document.querySelector('[name="alerts-voice_language"]');
function showVoices() {
  if (!voiceStatus || !language) return;
  const there = window.speechSynthesis
    ?.getVoices()
    .some((voice) => voice.lang.toLowerCase().startsWith(language.value));
  voiceStatus.textContent = (there ? voiceStatus.dataset.some : voiceStatus.dataset.none) ?? "";
}
window.speechSynthesis?.addEventListener?.("voiceschanged", showVoices);
language?.addEventListener("change", showVoices);
showVoices();
