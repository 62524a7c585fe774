// How each gift moves and which lights it brings. A gift that is not named here moves as its kind does.

const lantern = ["#ffb648", "#ff7a3c"];

export const MOTION = {
  "moss-frog": "hop",
  "pocket-rain": "glide",
  "toast-parachute": "fall",
  "drift-lamp": "float",
};

/** Two colours of light for the large ones: near, far. */
export const LIGHT = {
  "tide-hello": ["#4cc9c0", "#2f6fde"],
  "clockwork-fox": ["#ffb648", "#ff6b3d"],
  "night-market": ["#ff8fb1", "#ffb648"],
  "storm-choir": ["#9d8cff", "#4c7dff"],
  "rowing-dragons": ["#4cc9c0", "#ff6b5e"],
  "great-lighthouse": ["#ffe7a3", "#4c7dff"],
  "sky-orchard": ["#a6e27c", "#ff9ec4"],
  "leviathan-parade": ["#6fd7ff", "#9d8cff"],
  "new-horizon": ["#ffd27a", "#ff5d8a"],
};

export const lightOf = (slug) => LIGHT[slug] ?? lantern;

/** Keyframes across the lower third: from one side to the other, each in its own way. `width` in px. */
export function crossing(motion, width, height) {
  const x = (share) => `${Math.round(-0.16 * width + 1.3 * width * share)}px`;
  if (motion === "hop") {
    const frames = [];
    for (let step = 0; step <= 8; step += 1) {
      const up = step % 2 === 1;
      frames.push({ translate: `${x(step / 8)} ${up ? -0.14 * height : 0}px`, scale: up ? "1 1.06" : "1.08 0.92", easing: up ? "ease-in" : "ease-out" });
    }
    return frames;
  }
  if (motion === "fall") {
    return [0, 0.25, 0.5, 0.75, 1].map((share, turn) => ({
      translate: `${0.1 * width + 0.7 * width * share}px ${-0.55 * height + 0.6 * height * share}px`,
      rotate: `${turn % 2 ? 12 : -12}deg`,
      opacity: share === 0 || share === 1 ? 0 : 1,
      easing: "ease-in-out",
    }));
  }
  if (motion === "float") {
    return [0, 0.3, 0.7, 1].map((share, turn) => ({
      translate: `${0.45 * width + (turn % 2 ? 24 : -24)}px ${0.1 * height - 0.75 * height * share}px`,
      rotate: `${turn % 2 ? 5 : -5}deg`,
      opacity: share === 0 || share === 1 ? 0 : 1,
      easing: "ease-in-out",
    }));
  }
  return [0, 0.25, 0.5, 0.75, 1].map((share, turn) => ({
    translate: `${x(share)} ${turn % 2 ? -0.04 * height : 0}px`,
    rotate: `${turn % 2 ? 4 : -4}deg`,
    easing: "ease-in-out",
  }));
}

/** The path along the inside of a frame, beginning below on the left, clockwise. */
export function around(width, height, inset) {
  const [l, t, r, b] = [inset, inset, width - inset, height - inset];
  return `path("M ${l} ${b} L ${l} ${t} L ${r} ${t} L ${r} ${b} L ${l} ${b}")`;
}
