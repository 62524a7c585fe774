// Toast Parachute: a slice of toast tumbles, its parachute opens with a jerk, and it swings down to
// land butter side up.
import { ease, mayFollow, pivot, stand } from "./craft.js";

/** One slice; those that follow in a combo come down beside it, a little smaller. */
async function drop(box, kit, turn = 0) {
  const { width: W, height: H } = kit;
  const size =
    Math.max(84, Math.min(H * 0.72, W * 0.34, 190 * Math.max(1, kit.scale))) * (turn ? 0.74 : 1);
  const side = (turn || Math.round(kit.random())) % 2 ? -1 : 1;
  const x = W * (turn ? 0.5 + side * (0.2 + 0.08 * (turn % 3)) : 0.5);
  const ground = H * 0.97;
  const carrier = stand(kit.el("", box), x, ground, size);
  const shade = stand(kit.el("shade", box), x, ground + size * 0.03, size * 0.6, size * 0.12);
  box.prepend(shade);
  const svg = stand(await kit.svg("gifts/art/toast-parachute.svg", carrier), size / 2, size, size);
  if (kit.still) return;
  const timing = { duration: kit.length };
  const from = -(H + size * 0.9);
  const drift = side * W * 0.2;
  const at = (share, down) => `${drift * share}px ${from * (1 - down)}px`;
  kit.animate(
    carrier,
    [
      { translate: at(1, 0), easing: ease.fall },
      { translate: at(0.94, 0.34), offset: 0.17, easing: ease.out },
      { translate: at(0.8, 0.38), offset: 0.27, easing: ease.both },
      { translate: at(0.3, 0.62), offset: 0.47, easing: ease.both },
      { translate: at(0.36, 0.82), offset: 0.63, easing: ease.in },
      { translate: at(0, 1), offset: 0.76 },
      { translate: at(0, 1) },
    ],
    timing,
  );
  // It swings below its parachute as a bell does, a little less each time.
  svg.style.transformOrigin = "50% 14%";
  kit.animate(
    svg,
    [
      { rotate: "0deg", opacity: 0 },
      { rotate: "0deg", opacity: 1, offset: 0.05 },
      { rotate: "0deg", opacity: 1, offset: 0.17, easing: ease.out },
      { rotate: `${side * 24}deg`, opacity: 1, offset: 0.29, easing: ease.both },
      { rotate: `${side * -19}deg`, opacity: 1, offset: 0.45, easing: ease.both },
      { rotate: `${side * 12}deg`, opacity: 1, offset: 0.61, easing: ease.both },
      { rotate: "0deg", opacity: 1, offset: 0.76 },
      { rotate: "0deg", opacity: 1 },
    ],
    timing,
  );
  kit.animate(
    pivot(kit.part(svg, "canopy"), 64, 78),
    [
      { scale: "0.1 0.1", opacity: 0 },
      { scale: "0.1 0.3", opacity: 0, offset: 0.13, easing: ease.out },
      { scale: "0.24 1.2", opacity: 1, offset: 0.18, easing: ease.out },
      { scale: "1.16 0.92", opacity: 1, offset: 0.26, easing: ease.both },
      { scale: "0.96 1.04", opacity: 1, offset: 0.33, easing: ease.both },
      { scale: "1.03 0.98", opacity: 1, offset: 0.46, easing: ease.both },
      { scale: "0.99 1.02", opacity: 1, offset: 0.62, easing: ease.both },
      {
        scale: "1 1",
        translate: "0 0",
        rotate: "0deg",
        opacity: 1,
        offset: 0.76,
        easing: ease.both,
      },
      {
        scale: "1.12 0.74",
        translate: `${side * -4}px 8px`,
        rotate: `${side * -8}deg`,
        opacity: 1,
        offset: 0.86,
        easing: ease.both,
      },
      {
        scale: "1.22 0.34",
        translate: `${side * -22}px 22px`,
        rotate: `${side * -20}deg`,
        opacity: 0.95,
      },
    ],
    timing,
  );
  kit.animate(
    pivot(kit.part(svg, "toast"), 64, 100),
    [
      { rotate: `${side * -560}deg`, scale: "1", easing: "linear" },
      { rotate: `${side * -40}deg`, scale: "0.92 1.12", offset: 0.18, easing: ease.out },
      { rotate: `${side * 14}deg`, scale: "0.94 1.1", offset: 0.27, easing: ease.both },
      { rotate: `${side * -12}deg`, scale: "1", offset: 0.42, easing: ease.both },
      { rotate: `${side * 9}deg`, scale: "1", offset: 0.58, easing: ease.both },
      { rotate: "0deg", translate: "0 0", scale: "0.96 1.06", offset: 0.76, easing: ease.out },
      { rotate: "0deg", translate: "0 5px", scale: "1.2 0.76", offset: 0.8, easing: ease.rise },
      {
        rotate: "-6deg",
        translate: "0 -12px",
        scale: "0.96 1.06",
        offset: 0.87,
        easing: ease.fall,
      },
      { rotate: "0deg", translate: "0 2px", scale: "1.06 0.94", offset: 0.94, easing: ease.both },
      { rotate: "0deg", translate: "0 0", scale: "1 1" },
    ],
    timing,
  );
  kit.animate(
    shade,
    [
      { scale: 0.1, opacity: 0 },
      { scale: 0.3, opacity: 0.2, offset: 0.3, easing: ease.in },
      { scale: 1, opacity: 1, offset: 0.76, easing: ease.out },
      { scale: 1.15, opacity: 1, offset: 0.8 },
      { scale: 1, opacity: 1 },
    ],
    timing,
  );
  if (!turn) crumbs(box, kit, { x, ground, size });
  kit.sound(
    [
      [300, 340, 60],
      [500, 1520, 40],
      ["G6", 1700, 160],
    ],
    { voice: "pluck" },
  );
}

/** What falls off when it lands. */
function crumbs(box, kit, { x, ground, size }) {
  for (let turn = 0; turn < (kit.lean ? 2 : 5); turn += 1) {
    const crumb = stand(kit.el("crumb", box), x, ground, size * (0.035 + 0.02 * (turn % 3)));
    const way = (turn - 2) * size * 0.2 + (kit.random() - 0.5) * 10;
    const high = size * (0.22 + 0.16 * kit.random());
    kit.animate(
      crumb,
      [
        { translate: "0 0", opacity: 0, scale: 0.4 },
        { translate: "0 0", opacity: 1, scale: 0.4, offset: 0.02, easing: ease.rise },
        {
          translate: `${way * 0.6}px ${-high}px`,
          rotate: "120deg",
          opacity: 1,
          scale: 1,
          offset: 0.4,
          easing: ease.fall,
        },
        {
          translate: `${way}px 0`,
          rotate: "260deg",
          opacity: 1,
          scale: 1,
          offset: 0.8,
          easing: ease.rise,
        },
        { translate: `${way * 1.15}px 0`, rotate: "300deg", opacity: 0, scale: 0.8 },
      ],
      { duration: kit.length * 0.24, delay: kit.length * 0.76 },
    );
  }
}

export default {
  best: 1_000,
  play: (box, gift, kit) => drop(box, kit),
  combo: (box, gift, count, kit) => mayFollow(box, kit, 4) && drop(box, kit, count),
};
