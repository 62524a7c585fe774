// What one can press on the picture: play, sound and how loud, a still picture, picture in picture,
// full screen. They show what the video says of itself, whoever changed it.
import { find } from "../js/page.js";
import { fullScreen } from "./full_screen.js";
import { chosen, keep } from "./kept.js";

function swap(button, on, first, second) {
  find(`[data-when-${first}]`, button).hidden = !on;
  find(`[data-when-${second}]`, button).hidden = on;
}

const label = (button, words) => button.setAttribute("aria-label", words ?? "");

/**
 * `still()` answers whether there is only a still picture, `heard()` whether that has a sound,
 * `choose` makes it one, or video.
 */
export function controls(frame, video, { still, heard = () => true, choose }) {
  const bar = frame.querySelector("[data-controls]");
  if (!bar) return () => undefined;
  const part = (name) => find(`[data-${name}]`, bar);
  const play = part("play");
  const sound = part("sound");
  const volume = /** @type {HTMLInputElement} */ (part("volume"));
  const save = bar.querySelector("[data-still]"); // a replay has none
  const apart = part("apart");
  const whole = part("whole");

  const tell = () => {
    const runs = !video.paused && !still();
    swap(play, runs, "playing", "paused");
    label(play, runs ? play.dataset.pauseLabel : play.dataset.playLabel);
    swap(sound, video.muted, "muted", "loud");
    label(sound, video.muted ? sound.dataset.offLabel : sound.dataset.onLabel);
    volume.value = String(video.muted ? 0 : video.volume);
    save?.setAttribute("aria-pressed", String(still()));
    for (const one of [sound, volume]) one.toggleAttribute("disabled", still() && !heard());
    apart.toggleAttribute("disabled", still());
  };
  // A browser that saves power may refuse; the button shows it.
  const start = () => (still() ? choose(false) : video.play().catch(tell));
  play.addEventListener("click", () => (video.paused || still() ? start() : video.pause()));
  save?.addEventListener("click", () => {
    keep({ still: !still() });
    choose(!still());
  });

  const hear = (muted, loud) => {
    video.muted = muted;
    video.volume = loud;
    keep({ muted, volume: loud });
    if (video.paused && !still()) start();
  };
  sound.addEventListener("click", () => hear(!video.muted, video.volume || 1));
  volume.addEventListener("input", ({ isTrusted }) => {
    if (!isTrusted) return; // the page asks fields that a browser filled in; this one was set by us
    const loud = Number(volume.value);
    hear(!loud, loud || chosen().volume);
  });

  apart.hidden = !document.pictureInPictureEnabled;
  apart.addEventListener("click", () =>
    (document.pictureInPictureElement
      ? document.exitPictureInPicture()
      : video.requestPictureInPicture()
    ).catch(() => undefined),
  );
  const scene = video.closest(".scene");
  fullScreen(whole, scene);
  document.addEventListener("fullscreenchange", () => {
    const is = Boolean(document.fullscreenElement);
    swap(whole, is, "whole", "part");
    label(whole, is ? whole.dataset.partLabel : whole.dataset.wholeLabel);
  });

  for (const event of ["play", "pause", "volumechange"]) video.addEventListener(event, tell);
  bar.hidden = false;
  tell();
  return tell;
}
