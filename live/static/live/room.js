// The room's frame: play and sound, how many watch, cut off and back, the end, the phone's sheet.
const frame = document.querySelector("[data-room]");
const part = (name) => frame.querySelector(`[data-${name}]`);
const number = new Intl.NumberFormat(document.documentElement.lang || undefined);

function swap(button, on, first, second) {
  button.querySelector(`[data-when-${first}]`).hidden = !on;
  button.querySelector(`[data-when-${second}]`).hidden = on;
}

function controls(video) {
  const play = part("play");
  const sound = part("sound");
  const tell = () => {
    swap(play, !video.paused, "playing", "paused");
    play.setAttribute("aria-pressed", String(!video.paused));
    play.setAttribute(
      "aria-label",
      video.paused ? play.dataset.playLabel : play.dataset.pauseLabel,
    );
    swap(sound, video.muted, "muted", "loud");
    sound.setAttribute("aria-pressed", String(!video.muted));
    sound.setAttribute("aria-label", video.muted ? sound.dataset.offLabel : sound.dataset.onLabel);
  };
  // a browser that saves power may refuse; the button shows it
  const start = () => video.play().catch(tell);
  play.addEventListener("click", () => (video.paused ? start() : video.pause()));
  sound.addEventListener("click", () => {
    video.muted = !video.muted;
    if (video.paused) start();
  });
  part("whole")?.addEventListener("click", () =>
    document.fullscreenElement
      ? document.exitFullscreen()
      : video.closest(".scene").requestFullscreen(),
  );
  for (const event of ["play", "pause", "volumechange"]) video.addEventListener(event, tell);
  part("controls").hidden = false;
  tell();
}

const video = part("video");
if (video) controls(video);

document.addEventListener("live:viewers", ({ detail }) => {
  const figure = part("viewers");
  if (figure) figure.textContent = number.format(detail.viewers);
});
document.addEventListener("live:cut", () => (part("cut").hidden = false));
document.addEventListener("live:connected", () => (part("cut").hidden = true));
document.addEventListener("live:started", () => location.reload());
document.addEventListener("live:ended", () => {
  video?.pause();
  part("over").hidden = false;
  part("marks").remove();
  part("controls")?.remove();
  frame
    .querySelectorAll("[data-say] :is(input, button)")
    .forEach((field) => (field.disabled = true));
  document.getElementById("gift-tray")?.closest(".room__tray").replaceChildren();
  frame.querySelector(".bar-say__gift")?.remove();
});

// On the phone what stands in the desk's tabs opens as one sheet: moved there, not drawn twice.
const sheet = document.getElementById("room-sheet");
const slot = sheet.querySelector("[data-sheet-slot]");
const homes = ["about", "supporters"].map((name) => [
  document.getElementById(name),
  document.querySelector(`[data-movable="${name}"]`),
]);
part("room-sheet").addEventListener("click", () => {
  slot.append(...homes.map(([, piece]) => piece));
  sheet.showModal();
});
sheet.addEventListener("close", () => homes.forEach(([home, piece]) => home.append(piece)));
