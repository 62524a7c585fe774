// Pocket Rain: a cloud squeezes out of a pocket, puffs itself up over the sender's name, and rains
// on it alone.
import { ease, pivot, stand } from "./craft.js";

const DROPS = 6;
const clouds = new WeakMap(); // box -> {cloud, rain, below, puddle}

async function play(box, gift, kit) {
  const { width: W, height: H } = kit;
  const size = Math.max(110, Math.min(H * 0.86, W * 0.42, 250 * Math.max(1, kit.scale)));
  const [x, foot] = [W * 0.5, H * 0.96];
  // A private sender's name is not shown: it rains back into the pocket.
  const name = gift.from && !gift.private ? kit.text(gift.from, "rained", box) : null;
  const ground = name ? foot - size * 0.12 : foot; // the name has the lowest place
  const svg = stand(await kit.svg("gifts/art/pocket-rain.svg", box), x, ground, size);
  kit.part(svg, "drops").style.display = "none";
  const [cloud, pocket, lining] = ["cloud", "pocket", "lining"].map((part) => kit.part(svg, part));
  const puddle = name && lay(box, name, kit, { x, foot, size });
  const many = kit.lean ? 3 : DROPS;
  const drops = Array.from({ length: many }, (_, at) =>
    stand(
      kit.el("drop", box),
      x + (at / (many - 1) - 0.5) * size * (name ? 0.74 : 0.5),
      ground - size * 0.48,
      size * 0.085,
      size * 0.125,
    ),
  );
  if (kit.still) {
    const [shown, apart] = name ? ["none", size * 0.16] : ["", size * 0.06];
    for (const part of [pocket, lining]) part.style.display = shown;
    for (const [at, drop] of drops.entries()) drop.style.translate = `0 ${(at % 2) * apart}px`;
    return;
  }
  const timing = { duration: kit.length };
  // The pocket bulges, lets go, and gives way to the name.
  const away = name
    ? { translate: "0 24px", scale: "0.7 0.5", opacity: 0 }
    : { translate: "0 0", scale: "1.04 0.98", opacity: 1 };
  for (const part of [pocket, lining]) {
    kit.animate(
      pivot(part, 64, 122),
      [
        { translate: "0 30px", scale: "0.6 0.4", opacity: 0, easing: ease.spring },
        { translate: "0 0", scale: "1", opacity: 1, offset: 0.09 },
        { translate: "0 0", scale: "1.12 0.9", opacity: 1, offset: 0.14, easing: ease.out },
        { translate: "0 0", scale: "0.92 1.1", opacity: 1, offset: 0.2, easing: ease.both },
        { translate: "0 0", scale: "1", opacity: 1, offset: 0.26, easing: ease.in },
        { ...away, offset: 0.34 },
        away,
      ],
      timing,
    );
  }
  kit.animate(
    pivot(cloud, 64, 58),
    [
      { translate: "0 56px", scale: "0.3 0.1", opacity: 0 },
      { translate: "0 52px", scale: "0.34 0.2", opacity: 0, offset: 0.13, easing: ease.out },
      { translate: "0 6px", scale: "0.5 1.15", opacity: 1, offset: 0.22, easing: ease.out },
      { translate: "0 -14px", scale: "1.24 0.9", opacity: 1, offset: 0.31, easing: ease.both },
      { translate: "0 -6px", scale: "0.94 1.06", opacity: 1, offset: 0.38, easing: ease.both },
      { translate: "2px -10px", scale: "1.03 0.98", opacity: 1, offset: 0.5, easing: ease.both },
      { translate: "-2px -5px", scale: "0.98 1.03", opacity: 1, offset: 0.64, easing: ease.both },
      { translate: "1px -9px", scale: "1.02 0.98", opacity: 1, offset: 0.78, easing: ease.both },
      { translate: "0 -8px", scale: "0.8 0.84", opacity: 1, offset: 0.88, easing: ease.in },
      { translate: "0 -22px", scale: "0.62", opacity: 0 },
    ],
    timing,
  );
  if (name) {
    kit.animate(
      name,
      [
        { translate: "0 60%", scale: 0.8, opacity: 0 },
        { translate: "0 60%", scale: 0.8, opacity: 0, offset: 0.26, easing: ease.spring },
        { translate: "0 0", scale: 1, opacity: 1, offset: 0.36 },
        { translate: "0 0", scale: "1.02 0.97", opacity: 1, offset: 0.5, easing: ease.both },
        { translate: "0 2px", scale: "0.99 1.02", opacity: 1, offset: 0.7, easing: ease.both },
        { translate: "0 0", scale: 1, opacity: 1 },
      ],
      timing,
    );
    kit.animate(
      puddle,
      [
        { scale: "0 0.3", opacity: 0 },
        { scale: "0 0.3", opacity: 0, offset: 0.42, easing: ease.out },
        { scale: "1 1", opacity: 1, offset: 0.86 },
        { scale: "1.06 1", opacity: 0.9 },
      ],
      timing,
    );
  }
  const way = size * (name ? 0.375 : 0.17);
  const falling = [
    { translate: "0 -6px", scale: "0.4 0.3", opacity: 0, easing: ease.fall },
    { translate: `0 ${way * 0.2}px`, scale: "1 1", opacity: 1, offset: 0.3, easing: ease.fall },
    { translate: `0 ${way}px`, scale: "0.9 1.3", opacity: 1, offset: 0.86 },
    { translate: `0 ${way}px`, scale: "2.2 0.2", opacity: 0 },
  ];
  const rain = drops.map((drop, at) =>
    kit.animate(drop, falling, {
      duration: kit.length * (0.12 + 0.01 * (at % 3)),
      delay: kit.length * (0.36 + 0.03 * ((at * 5) % DROPS)),
      iterations: 3,
    }),
  );
  clouds.set(box, { cloud, rain, puddle, below: name ?? pocket });
  kit.sound(
    [0, 1, 2, 3, 4, 5, 6, 7].map((at) => [1500 + ((at * 7) % 5) * 170, 800 + at * 110, 18]),
    { voice: "pluck" },
  );
}

/** Lay the name out under the cloud, and the puddle under the name. */
function lay(box, name, kit, { x, foot, size }) {
  name.style.fontSize = `${Math.max(18, size * 0.19)}px`;
  const wide = Math.min(Math.max(name.offsetWidth, size * 0.8), kit.width * 0.8);
  const deep = name.offsetHeight;
  stand(name, x, foot - deep * 0.3, wide, deep);
  const puddle = stand(kit.el("puddle", box), x, foot, wide * 1.05, deep * 0.42);
  box.prepend(puddle);
  box.append(name);
  return puddle;
}

/** With every press of a combo it rains harder, and the name stands deeper in its puddle. */
function pour(box, gift, count, kit) {
  const { cloud, rain, puddle, below } = clouds.get(box) ?? {};
  if (!rain || kit.still) return;
  for (const drop of rain) {
    drop.effect.updateTiming({ iterations: Infinity });
    drop.updatePlaybackRate(Math.min(1 + count * 0.12, 2.4));
  }
  kit.animate(
    cloud,
    [
      { translate: "0 -8px", scale: "1.12 0.88", opacity: 1, easing: ease.both },
      { translate: "0 -12px", scale: "0.96 1.05", opacity: 1, offset: 0.5, easing: ease.both },
      { translate: "0 -8px", scale: 1, opacity: 1 },
    ],
    { duration: 340 * kit.pace },
  );
  kit.animate(
    below,
    [
      { translate: "0 0", rotate: "0deg", scale: 1, opacity: 1, easing: ease.out },
      {
        translate: "0 -8%",
        rotate: `${count % 2 ? 4 : -4}deg`,
        scale: 1.08,
        opacity: 1,
        offset: 0.4,
        easing: ease.both,
      },
      { translate: "0 0", rotate: "0deg", scale: 1, opacity: 1 },
    ],
    { duration: 320 * kit.pace },
  );
  const deep = Math.min(1 + count * 0.06, 1.7);
  if (puddle)
    kit.animate(puddle, [{ scale: `${deep} ${deep}`, opacity: 1 }], {
      duration: 300 * kit.pace,
      easing: ease.spring,
    });
}

export default { best: 1_180, play, combo: pour };
