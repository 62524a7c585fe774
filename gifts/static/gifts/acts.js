// The acts: how a sticker, a small, a medium, a large and a full-screen gift are played. Each answers `{done, stop}`.
// Nothing here changes brightness faster than three times a second; who wants less motion sees a still picture fade in and out.
import { MOTION, around, crossing, lightOf } from "./scenes.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");

const el = (className, text = "", tag = "div") => Object.assign(document.createElement(tag), { className, textContent: text });
const picture = (gift, className) => Object.assign(document.createElement("img"), { className, src: gift.src, alt: "", decoding: "async" });
const fade = [{ opacity: 0 }, { opacity: 1, offset: 0.12 }, { opacity: 1, offset: 0.85 }, { opacity: 0 }];

/** Play elements until their animation is over; `stop` lets them fade at once. */
function act(elements, animation) {
  let stopped = false;
  const done = animation.finished.catch(() => undefined).then(() => elements.forEach((element) => element.remove()));
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await Promise.all(elements.map((element) => element.animate([{ opacity: getComputedStyle(element).opacity }, { opacity: 0 }], { duration: 200, fill: "forwards" }).finished));
    animation.cancel();
  };
  return { done, stop };
}

function words(gift, className, says) {
  const box = el(className);
  box.append(el("act__who", gift.who, "span"), el("act__what", says, "span"));
  if (gift.message) box.append(el("act__message", gift.message, "q"));
  return box;
}

function sticker(gift, { stage, place }) {
  const count = still.matches ? 1 : Math.min(gift.quantity, 6);
  const height = stage.clientHeight;
  let last;
  const all = [];
  for (let turn = 0; turn < count; turn += 1) {
    const art = picture(gift, "act__sticker");
    place.edge.append(art);
    all.push(art);
    const sway = (Math.random() - 0.5) * 56;
    const lean = (Math.random() - 0.5) * 36;
    const rise = height * (0.5 + Math.random() * 0.2);
    const timing = { duration: gift.duration_ms + 900, delay: turn * 110, fill: "both" };
    last = art.animate(
      still.matches
        ? fade
        : [
            { translate: "0 30%", scale: 0.3, opacity: 0 },
            { translate: `${sway * 0.3}px -${rise * 0.3}px`, scale: 1.12, opacity: 1, rotate: `${lean}deg`, offset: 0.25, easing: "ease-out" },
            { translate: `${-sway * 0.6}px -${rise * 0.7}px`, scale: 1, opacity: 1, rotate: `${-lean / 2}deg`, offset: 0.65 },
            { translate: `${sway}px -${rise}px`, scale: 0.86, opacity: 0, rotate: `${lean / 2}deg` },
          ],
      timing,
    );
  }
  return act(all, last);
}

function small(gift, { stage, place }) {
  const art = picture(gift, "act__small");
  place.lower.append(art);
  const frames = still.matches ? fade.map((frame) => ({ ...frame, translate: `${stage.clientWidth * 0.4}px 0` })) : crossing(MOTION[gift.gift], stage.clientWidth, stage.clientHeight);
  return act([art], art.animate(frames, { duration: Math.max(gift.duration_ms, 2_000), fill: "both" }));
}

function medium(gift, { place, words: says }) {
  const card = el("act__card");
  const art = picture(gift, "act__medium");
  card.append(art, words(gift, "act__words", says.line.replace("{from} ", "").replace("{gift}", gift.what)));
  place.side.append(card);
  while (place.side.children.length > 2) place.side.firstElementChild.remove();
  if (!still.matches) {
    art.animate([{ scale: 0.2, rotate: "-18deg" }, { scale: 1.18, rotate: "6deg", offset: 0.5 }, { scale: 1, rotate: "0deg" }], { duration: 520, easing: "ease-out" });
    art.animate([{ translate: "0 0" }, { translate: "0 -5px" }, { translate: "0 0" }], { duration: 1_400, delay: 520, iterations: 4, easing: "ease-in-out" });
  }
  const from = still.matches ? "0 0" : "-40px 0";
  return act([card], card.animate([{ opacity: 0, translate: from }, { opacity: 1, translate: "0 0", offset: 0.07, easing: "ease-out" }, { opacity: 1, translate: "0 0", offset: 0.92 }, { opacity: 0, translate: "0 0" }], { duration: gift.duration_ms + 400, fill: "both" }));
}

/** Small lights that rise from below, each once. */
function lights(box, count, colours, length) {
  if (still.matches) return;
  for (let turn = 0; turn < count; turn += 1) {
    const light = el("act__light");
    const size = 3 + Math.random() * 7;
    light.style.setProperty("--size", `${size}px`);
    light.style.setProperty("--light", colours[turn % 2]);
    light.style.setProperty("--x", `${Math.random() * 100}%`);
    box.append(light);
    const drift = (Math.random() - 0.5) * 120;
    light.animate(
      [{ translate: "0 0", opacity: 0 }, { opacity: 0.9, offset: 0.2 }, { opacity: 0.7, offset: 0.7 }, { translate: `${drift}px -${box.clientHeight * (0.5 + Math.random() * 0.5)}px`, opacity: 0 }],
      { duration: 2_600 + Math.random() * 2_400, delay: Math.random() * Math.max(0, length - 2_600), easing: "ease-out", fill: "both" },
    );
  }
}

function dye(box, gift) {
  const [near, far] = lightOf(gift.gift);
  box.style.setProperty("--near", near);
  box.style.setProperty("--far", far);
  return [near, far];
}

function large(gift, { stage, place, words: says, pace }) {
  const length = gift.duration_ms * pace;
  const box = el("act__large");
  const glow = el("act__glow");
  const art = picture(gift, "act__runner");
  box.append(glow, art, words(gift, "act__caption", says.line.replace("{from} ", "").replace("{gift}", gift.what)));
  place.frame.append(box);
  lights(box, 18, dye(box, gift), length);
  if (still.matches) art.classList.add("is-still");
  else {
    const size = art.clientWidth || 96;
    art.style.setProperty("offset-path", around(stage.clientWidth, stage.clientHeight, size * 0.55));
    art.animate([{ offsetDistance: "0%" }, { offsetDistance: "100%" }], { duration: length, easing: "cubic-bezier(0.35, 0.1, 0.65, 0.9)", fill: "both" });
    art.animate([{ scale: "1 1" }, { scale: "1.06 0.94" }, { scale: "1 1" }], { duration: 480, iterations: Math.ceil(length / 480) });
    glow.animate([{ opacity: 0.55 }, { opacity: 1 }, { opacity: 0.55 }], { duration: 1_600, iterations: Math.ceil(length / 1_600), easing: "ease-in-out" });
  }
  return act([box], box.animate(fade, { duration: length, fill: "both" }));
}

function full(gift, { words: says, pace }) {
  const length = gift.duration_ms * pace;
  const box = el("stage-full");
  // The top layer: over everything, whatever the page has pinned.
  box.popover = "manual";
  const rays = el("stage-full__rays");
  const art = picture(gift, "stage-full__art");
  const caption = words(gift, "stage-full__words", says.line.replace("{from} ", "").replace("{gift}", gift.what));
  const skip = el("stage-full__skip button button-small", says.skip, "button");
  skip.type = "button";
  const left = el("stage-full__left");
  for (const part of [rays, art]) part.setAttribute("aria-hidden", "true");
  box.append(rays, art, caption, skip, left);
  document.body.append(box);
  box.showPopover?.();
  document.dispatchEvent(new CustomEvent("stage:full"));
  lights(box, 46, dye(box, gift), length);
  if (!still.matches) {
    rays.animate([{ rotate: "0deg" }, { rotate: `${length / 80}deg` }], { duration: length });
    art.animate([{ scale: 0.4, translate: "0 18vmin" }, { scale: 1.06, translate: "0 0", offset: 0.7 }, { scale: 1 }], { duration: 900, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" });
    art.animate([{ translate: "0 0", rotate: "0deg" }, { translate: "0 -1.6vmin", rotate: "1.2deg" }, { translate: "0 0", rotate: "0deg" }, { translate: "0 1vmin", rotate: "-1.2deg" }, { translate: "0 0", rotate: "0deg" }], { duration: 3_600, delay: 900, iterations: Math.ceil(length / 3_600), easing: "ease-in-out" });
    caption.animate([{ opacity: 0, translate: "0 16px" }, { opacity: 1, translate: "0 0" }], { duration: 400, delay: 350, fill: "backwards", easing: "ease-out" });
  }
  left.animate([{ scale: "1 1" }, { scale: "0 1" }], { duration: length, fill: "forwards" });
  const edge = 420 / length;
  const playing = act([box], box.animate([{ opacity: 0 }, { opacity: 1, offset: edge }, { opacity: 1, offset: 1 - edge }, { opacity: 0 }], { duration: length, fill: "both" }));
  const escape = (event) => event.key === "Escape" && playing.stop();
  skip.addEventListener("click", playing.stop);
  document.addEventListener("keydown", escape);
  playing.done.then(() => document.removeEventListener("keydown", escape));
  return playing;
}

export const playAtOnce = (gift, where) => ({ sticker, small, medium })[gift.kind]?.(gift, where) ?? sticker(gift, where);
export const playInTurn = (gift, where) => (gift.kind === "full" ? full : large)(gift, where);
