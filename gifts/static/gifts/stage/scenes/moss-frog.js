// Moss Frog: a frog hops across the water from pad to pad, stops in the middle to look at you, and
// hops on.
import { ease, mayFollow, pivot, stand } from "./craft.js";

// Where it sits (share of the width), when it leaves and when it comes down (share of the time).
const HOPS = [
  { from: -0.14, to: 0.15, leaves: 0, lands: 0.16 },
  { from: 0.15, to: 0.47, leaves: 0.22, lands: 0.38 },
  { from: 0.47, to: 0.8, leaves: 0.64, lands: 0.8 },
  { from: 0.8, to: 1.16, leaves: 0.85, lands: 1 },
];

/** One frog; those that follow it in a combo are its children, on the pads it found. */
async function hop(box, kit, share = 1) {
  const { width: W, height: H } = kit;
  const whole = Math.max(72, Math.min(H * 0.62, W * 0.32, 170 * Math.max(1, kit.scale)));
  const size = whole * share;
  const ground = H * 0.94;
  const first = share === 1;
  const pads =
    first &&
    HOPS.slice(0, 3).map(({ to }) =>
      stand(
        kit.img("gifts/scenery/lily.svg", "", box),
        to * W,
        ground + size * 0.08,
        size * 1.06,
        size * 0.4,
      ),
    );
  const runner = stand(kit.el("", box), 0, ground, size);
  const svg = await kit.svg("gifts/art/moss-frog.svg", runner);
  stand(svg, size / 2, size, size);
  for (const name of ["pad", "flower"]) kit.part(svg, name).style.display = "none";
  if (kit.still) {
    runner.style.translate = `${0.47 * W}px ${size * -0.02}px`;
    return;
  }
  const timing = { duration: kit.length };
  const far = (HOPS[2].to - HOPS[2].from) * W;
  const high = Math.min(H * 0.42, far * 0.62);
  const along = [];
  const up = [];
  const body = [];
  for (const { from, to, leaves, lands } of HOPS) {
    const top = (leaves + lands) / 2;
    along.push(
      { translate: `${from * W}px 0`, offset: leaves },
      { translate: `${to * W}px 0`, offset: lands },
    );
    up.push(
      { translate: "0 0", rotate: "-14deg", offset: leaves, easing: ease.rise },
      { translate: `0 ${-high}px`, rotate: "0deg", offset: top, easing: ease.fall },
      { translate: "0 0", rotate: "12deg", offset: lands, easing: ease.out },
    );
    if (lands < 1) up.push({ translate: "0 0", rotate: "0deg", offset: lands + 0.025 });
    // Down on its heels before, long in the air, flat when it lands.
    if (leaves > 0)
      body.push(
        { scale: "1 1", offset: leaves - 0.05, easing: ease.both },
        { scale: "1.14 0.76", offset: leaves - 0.012, easing: ease.in },
      );
    body.push(
      { scale: "0.88 1.2", offset: leaves + 0.02, easing: ease.both },
      { scale: "1.02 0.98", offset: top, easing: ease.both },
      { scale: "0.92 1.14", offset: lands - 0.005, easing: ease.out },
    );
    if (lands < 1)
      body.push(
        { scale: "1.2 0.72", offset: lands + 0.02, easing: ease.both },
        { scale: "0.97 1.05", offset: lands + 0.045, easing: ease.both },
      );
  }
  // In the middle it breathes in, and says what it has to say.
  body.push(
    { scale: "1 1", offset: 0.44, easing: ease.both },
    { scale: "1.1 1.06", offset: 0.5, easing: ease.spring },
    { scale: "0.98 1", offset: 0.56 },
    { scale: "1 1", offset: 0.585 },
  );
  body.sort((one, other) => one.offset - other.offset);
  up.sort((one, other) => one.offset - other.offset);
  kit.animate(runner, along, timing);
  kit.animate(svg, up, timing);
  svg.style.transformOrigin = "50% 88%";
  kit.animate(pivot(kit.part(svg, "frog"), 64, 114), body, timing);
  cap(kit, svg, timing);
  kit.animate(
    pivot(kit.part(svg, "eyes"), 64, 45),
    [
      { scale: "1 1" },
      { scale: "1 1", offset: 0.45 },
      { scale: "1.02 0.1", offset: 0.465 },
      { scale: "1 1", offset: 0.485 },
      { scale: "1 1", offset: 0.515 },
      { scale: "1.02 0.1", offset: 0.53 },
      { scale: "1.05 1.08", offset: 0.55 },
      { scale: "1 1" },
    ],
    timing,
  );
  HOPS.slice(0, 3).forEach(({ to, lands }, at) => {
    if (!first) return;
    kit.animate(
      pads[at],
      [
        { translate: `0 ${size * 0.1}px`, scale: 0.2, opacity: 0, easing: ease.spring },
        { translate: "0 0", scale: 1, opacity: 1, offset: Math.max(0.02, lands - 0.1) },
        { translate: "0 0", scale: 1, opacity: 1, offset: lands, easing: ease.out },
        {
          translate: `0 ${size * 0.055}px`,
          scale: "1.07 0.86",
          opacity: 1,
          offset: lands + 0.03,
          easing: ease.both,
        },
        {
          translate: `0 ${size * -0.02}px`,
          scale: "0.98 1.04",
          opacity: 1,
          offset: lands + 0.08,
          easing: ease.both,
        },
        { translate: "0 0", scale: 1, opacity: 1, offset: lands + 0.12 },
        { translate: "0 0", scale: 1, opacity: 1 },
      ],
      timing,
    );
    const ring = stand(
      kit.el("ripple", box),
      to * W,
      ground + size * 0.12,
      size * 1.3,
      size * 0.46,
    );
    kit.animate(
      ring,
      [
        { scale: 0.5, opacity: 0.9, easing: ease.out },
        { scale: 1.7, opacity: 0 },
      ],
      { duration: kit.length * 0.3, delay: kit.length * lands, fill: "both" },
    );
    box.prepend(ring);
  });
  kit.sound(
    [
      [190, 1000, 60],
      [260, 1080, 90],
      ...HOPS.slice(0, 3).map(({ lands }) => [430, lands * 2000, 40]),
    ],
    { voice: "soft" },
  );
}

/** The mushroom on its head comes after everything else the frog does. */
function cap(kit, svg, timing) {
  const keys = [{ rotate: "-12deg", translate: "0 0", offset: 0 }];
  for (const { lands } of HOPS.slice(0, 3)) {
    keys.push(
      { rotate: "16deg", translate: "0 0", offset: lands - 0.02, easing: ease.rise },
      { rotate: "22deg", translate: "0 -9px", offset: lands + 0.025, easing: ease.fall },
      { rotate: "-14deg", translate: "0 0", offset: lands + 0.06, easing: ease.both },
      { rotate: "6deg", translate: "0 0", offset: lands + 0.1, easing: ease.both },
    );
    if (lands < 0.5) keys.push({ rotate: "0deg", translate: "0 0", offset: lands + 0.14 });
  }
  kit.animate(pivot(kit.part(svg, "cap"), 57, 32), keys, timing);
}

export default {
  best: 1_080,
  play: (box, gift, kit) => hop(box, kit),
  combo: (box, gift, count, kit) =>
    mayFollow(box, kit, 4) && hop(box, kit, 0.5 + (count % 3) * 0.08),
};
