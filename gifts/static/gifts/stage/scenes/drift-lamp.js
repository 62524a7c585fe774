// Drift Lamp: a paper lamp is lit, swells, lets go of the water and floats up to the sky, where it
// stays for half a minute.
import { ease, mayFollow, pivot, stand } from "./craft.js";

const HANGS_MS = 30_000;

async function rise(box, kit) {
  const { width: W, height: H } = kit;
  const size = Math.max(88, Math.min(H * 0.74, W * 0.32, 190 * Math.max(1, kit.scale)));
  const small = 0.5;
  // Where it will hang: beside the lamps that hang there already, in the upper part of the stage.
  const hung = kit.room.get("hung") ?? Math.floor(kit.random() * 8);
  kit.room.set("hung", hung + 3);
  const lane = (hung % 8) / 7;
  const above =
    box.getBoundingClientRect().top - (box.closest(".stage") ?? box).getBoundingClientRect().top;
  const x = W * (0.1 + 0.68 * lane);
  const y = 720 * kit.scale * (0.19 + 0.045 * ((hung * 5) % 3)) - above;
  const start = { x: W * (0.5 + (lane - 0.5) * 0.3), y: H * 0.94 };
  const lamp = stand(kit.el("lamp", box), x, y, size * small);
  const halo = kit.el("lamp__halo", lamp);
  const svg = await kit.svg("gifts/art/drift-lamp.svg", lamp);
  kit.part(svg, "sparks").style.display = "none";
  kit.stay(lamp, HANGS_MS, "sky");
  if (kit.still) return;
  const at = (share) => start.x - x - (start.x - x) * share;
  const up = (share) => (start.y - y) * (1 - share);
  const sway = W * 0.035 * (hung % 2 ? 1 : -1);
  const timing = { duration: kit.length };
  const grown = 1 / small;
  lamp.style.transformOrigin = "50% 100%";
  kit.animate(
    lamp,
    [
      {
        translate: `${at(0)}px ${up(0)}px`,
        scale: `${grown * 0.9} ${grown * 0.2}`,
        opacity: 0,
        easing: ease.out,
      },
      {
        translate: `${at(0)}px ${up(0)}px`,
        scale: `${grown * 0.94} ${grown * 0.72}`,
        opacity: 1,
        offset: 0.1,
        easing: ease.both,
      },
      {
        translate: `${at(0)}px ${up(0)}px`,
        scale: `${grown * 1.06} ${grown * 1.02}`,
        opacity: 1,
        offset: 0.24,
        easing: ease.both,
      },
      // It sits down once more, and then the warm air has it.
      {
        translate: `${at(0)}px ${up(0) + 2}px`,
        scale: `${grown * 1.08} ${grown * 0.94}`,
        opacity: 1,
        offset: 0.31,
        easing: ease.in,
      },
      {
        translate: `${at(0.14) + sway}px ${up(0.24)}px`,
        scale: `${grown * 0.88} ${grown * 0.96}`,
        opacity: 1,
        offset: 0.5,
        easing: "linear",
      },
      {
        translate: `${at(0.5) + sway * 0.6}px ${up(0.56)}px`,
        scale: grown * 0.74,
        opacity: 1,
        offset: 0.68,
        easing: ease.out,
      },
      {
        translate: `${at(0.88) - sway}px ${up(0.88)}px`,
        scale: grown * 0.58,
        opacity: 1,
        offset: 0.86,
        easing: ease.out,
      },
      { translate: "0px 0px", scale: 1, opacity: 1 },
    ],
    timing,
  );
  // From here on it belongs to the sky: it sways as long as it hangs.
  const rounds = Math.ceil(HANGS_MS / 5_200);
  svg.style.transformOrigin = "50% 20%";
  kit.animate(
    svg,
    [
      { translate: "0 0", rotate: "-5deg", easing: ease.both },
      { translate: "0 -7%", rotate: "4deg", offset: 0.5, easing: ease.both },
      { translate: "0 0", rotate: "-5deg" },
    ],
    { duration: 5_200, iterations: rounds },
  );
  const flame = { duration: 700, iterations: Math.ceil(kit.length / 700) + 2 };
  kit.animate(
    pivot(kit.part(svg, "flame"), 66, 88),
    [
      { scale: "0.92 0.8", rotate: "-4deg", easing: ease.both },
      { scale: "1.05 1.25", rotate: "5deg", offset: 0.5, easing: ease.both },
      { scale: "0.92 0.8", rotate: "-4deg" },
    ],
    flame,
  );
  kit.animate(
    pivot(kit.part(svg, "glow"), 65, 60),
    [
      { scale: 0.2, opacity: 0, easing: ease.out },
      { scale: 1.15, opacity: 1, offset: 0.24, easing: ease.both },
      { scale: 1, opacity: 1 },
    ],
    timing,
  );
  kit.animate(
    halo,
    [
      { scale: 0.2, opacity: 0, easing: ease.out },
      { scale: 1.1, opacity: 1, offset: 0.24, easing: ease.both },
      { scale: 1, opacity: 1 },
    ],
    timing,
  );
  kit.animate(
    pivot(kit.part(svg, "tassels"), 66, 98),
    [
      { rotate: "0deg", offset: 0 },
      { rotate: "0deg", offset: 0.3, easing: ease.out },
      { rotate: "-14deg", scale: "0.9 1.25", offset: 0.5, easing: ease.both },
      { rotate: "12deg", scale: "1 1.1", offset: 0.75, easing: ease.both },
      { rotate: "0deg", scale: 1 },
    ],
    timing,
  );
  ripple(box, kit, start, size);
  kit.sound(
    [
      ["G4", 500, 200],
      ["D5", 800, 200],
      ["B5", 1200, 500],
    ],
    { voice: "bell" },
  );
}

/** Where it sat, the water closes. */
function ripple(box, kit, start, size) {
  const ring = stand(
    kit.el("ripple is-warm", box),
    start.x,
    start.y + size * 0.12,
    size * 0.9,
    size * 0.3,
  );
  kit.animate(
    ring,
    [
      { scale: 0.3, opacity: 0 },
      { scale: 0.9, opacity: 0.8, offset: 0.24 },
      { scale: 0.8, opacity: 0.9, offset: 0.31, easing: ease.out },
      { scale: 1.9, opacity: 0, offset: 0.7 },
      { scale: 1.9, opacity: 0 },
    ],
    { duration: kit.length },
  );
  box.prepend(ring);
}

export default {
  best: 1_250,
  play: (box, gift, kit) => rise(box, kit),
  combo: (box, gift, count, kit) => (kit.still || mayFollow(box, kit, 4)) && rise(box, kit),
};
