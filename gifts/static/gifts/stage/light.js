// Two colours of light that a gift brings: near, far. They dye its caption, its glow and the dimmed
// page behind it.

const LANTERN = ["#ffb648", "#ff7a3c"];

const LIGHT = {
  "encore-ticket": ["#ffcf73", "#d8384f"],
  "brass-snail": ["#ffd27a", "#3fbab6"],
  "neon-umbrella": ["#ff7dbb", "#45e6dc"],
  "kite-flock": ["#ffd27a", "#5aa9f0"],
  "marching-teacups": ["#ffd9b0", "#8f7cf0"],
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

export function dye(element, slug) {
  const [near, far] = LIGHT[slug] ?? LANTERN;
  element.style.setProperty("--near", near);
  element.style.setProperty("--far", far);
}
