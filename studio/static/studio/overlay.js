// The overlay's page in the studio: the shape of the preview, the zone of the goal's end, whether
// this browser has voices.
const look = document.querySelector("[data-look]");
const shapes = document.querySelector("[data-shapes]");

if (look && shapes) {
  shapes.hidden = false;
  shapes.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-show]");
    if (!button) return;
    look.dataset.shape = button.dataset.show;
    for (const one of shapes.children) one.setAttribute("aria-pressed", String(one === button));
  });
}

const zone = document.querySelector('[name="goal-zone"]');
if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

const muted = document.querySelector(".mute");
muted?.addEventListener("change", () => {
  muted.querySelector("[data-muted-count]").textContent = muted.querySelectorAll(":checked").length;
});

const told = document.querySelector("[data-voices]");
const language = document.querySelector('[name="alerts-voice_language"]');
function tell() {
  const there = window.speechSynthesis
    ?.getVoices()
    .some((voice) => voice.lang.toLowerCase().startsWith(language.value));
  told.textContent = there ? told.dataset.some : told.dataset.none;
}
if (told && language) {
  window.speechSynthesis?.addEventListener?.("voiceschanged", tell);
  language.addEventListener("change", tell);
  tell();
}
