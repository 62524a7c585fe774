// Clap Crab: a crab pops up and claps. With every press of a combo it claps faster and jumps
// higher, and its children join in.
import { ease, pivot, reached, spot, stand } from "./craft.js";

const BEAT_MS = 300;
const FASTEST = 2.6; // so many times the first beat
const JOIN = [5, 10]; // at so many presses a child comes
const crabs = new WeakMap(); // box -> {moves, jump, x, y, size, joined}

async function play(box, gift, kit) {
  const { size, x, y } = spot(kit, 0.94);
  const svg = stand(await kit.svg("gifts/art/clap-crab.svg", box), x, y, size);
  const crab = { moves: [], x, y, size, joined: 0 };
  crabs.set(box, crab);
  if (!kit.still) {
    const arrive = 170 * kit.pace;
    svg.style.transformOrigin = "50% 92%";
    kit.animate(
      svg,
      [
        { translate: "0 70%", scale: "0.5 0.3", opacity: 0, easing: ease.out },
        { translate: "0 -10%", scale: "0.9 1.14", opacity: 1, offset: 0.66, easing: ease.both },
        { translate: "0 0", scale: "1.06 0.94", opacity: 1 },
      ],
      { duration: arrive },
    );
    applaud(svg, crab, kit, { duration: BEAT_MS * kit.pace, delay: arrive, iterations: Infinity });
  }
  cheer(box, gift, reached(kit, gift), kit);
}

function applaud(svg, crab, kit, timing) {
  const hop = (high, flat) => [
    { translate: "0 0", scale: `${1 + flat} ${1 - flat}`, easing: ease.rise },
    {
      translate: `0 ${-high}%`,
      scale: `${1 - flat * 0.7} ${1 + flat * 0.8}`,
      offset: 0.44,
      easing: ease.fall,
    },
    { translate: "0 0", scale: `${1 + flat} ${1 - flat}`, offset: 0.86 },
    { translate: "0 0", scale: `${1 + flat} ${1 - flat}` },
  ];
  crab.jump = (high) =>
    crab.hop.effect.setKeyframes(hop(high, Math.min(0.05 + high * 0.004, 0.14)));
  crab.hop = kit.animate(svg, hop(5, 0.05), { ...timing, fill: "forwards" });
  crab.moves.push(crab.hop);
  /** @type {[string, number, number][]} */
  const claws = [
    ["left", -1, 28],
    ["right", 1, 100],
  ];
  for (const [name, side, shoulder] of claws) {
    const swing = [
      { rotate: `${side * 4}deg`, easing: ease.out },
      { rotate: `${side * 34}deg`, offset: 0.44, easing: ease.in },
      { rotate: `${side * -6}deg`, offset: 0.78, easing: ease.out },
      { rotate: `${side * 4}deg` },
    ];
    crab.moves.push(kit.animate(pivot(kit.part(svg, name), shoulder, 84), swing, timing));
  }
  const spark = [
    { scale: "1.1", opacity: 1 },
    { scale: "0.6", opacity: 0, offset: 0.3 },
    { scale: "0.2", opacity: 0, offset: 0.74, easing: ease.out },
    { scale: "1.5", opacity: 1, offset: 0.86 },
    { scale: "1.1", opacity: 1 },
  ];
  crab.moves.push(kit.animate(pivot(kit.part(svg, "clap"), 64, 36), spark, timing));
}

function cheer(box, gift, count, kit) {
  const crab = crabs.get(box);
  const { x, y, size } = crab;
  const speed = Math.min(1 + (count - 1) * 0.09, FASTEST);
  for (; count >= JOIN[crab.joined]; crab.joined += 1) {
    const side = crab.joined ? 1 : -1;
    const child = stand(
      kit.img("gifts/art/clap-crab.svg", "", box),
      x + side * size * 0.36,
      y + size * 0.1,
      size * 0.42,
    );
    if (kit.still) continue;
    crab.moves.push(
      kit.animate(
        child,
        [
          { translate: "0 0", scale: "1.1 0.88", rotate: "0deg", easing: ease.rise },
          {
            translate: "0 -30%",
            scale: "0.94 1.08",
            rotate: `${side * 12}deg`,
            offset: 0.5,
            easing: ease.fall,
          },
          { translate: "0 0", scale: "1.1 0.88", rotate: "0deg" },
        ],
        { duration: BEAT_MS * 1.5 * kit.pace, iterations: Infinity },
      ),
    );
    kit.animate(child, [{ opacity: 0 }, { opacity: 1 }], { duration: 160 });
  }
  if (kit.still) return;
  for (const move of crab.moves) move.updatePlaybackRate(speed);
  crab.jump(Math.min(4 + count, 26));
  kit.sound(
    [0, 1, 2].map((at) => [at % 2 ? 1050 : 900, (150 + BEAT_MS * (at + 0.78)) / speed, 24]),
    { voice: "pluck" },
  );
}

export default {
  best: 380,
  play,
  combo: (box, gift, count, kit) =>
    crabs.has(box) && cheer(box, gift, reached(kit, gift, count), kit),
};
