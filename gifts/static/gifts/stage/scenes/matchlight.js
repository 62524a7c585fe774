// Matchlight: a match is struck and flares. Ten in a row gather their embers and light a candle,
// which stays a while.
import { ease, pivot, reached, spot, stand } from "./craft.js";

const NEEDED = 10;
const BURNS_MS = 45_000;
const lights = new WeakMap(); // box -> {svg, x, y, size, embers, candle}

async function play(box, gift, kit) {
  const { size, x, y } = spot(kit);
  const svg = stand(await kit.svg("gifts/art/matchlight.svg", box), x, y, size);
  svg.style.transformOrigin = "20% 92%";
  lights.set(box, { svg, x, y, size, embers: 0, key: gift.combo ?? gift.id });
  if (!kit.still) strike(svg, kit);
  const count = reached(kit, gift);
  if (count > 1) await gather(box, count, kit);
}

/** Drawn back, struck through, and back to upright in the wind of its own flare. */
function strike(svg, kit) {
  const timing = { duration: kit.length };
  kit.animate(
    svg,
    [
      { translate: "0 14%", rotate: "10deg", opacity: 0, easing: ease.out },
      { translate: "10% -4%", rotate: "34deg", opacity: 1, offset: 0.16, easing: ease.in },
      { translate: "-12% 8%", rotate: "-26deg", opacity: 1, offset: 0.3, easing: ease.out },
      { translate: "0 0", rotate: "7deg", opacity: 1, offset: 0.52, easing: ease.both },
      { translate: "0 0", rotate: "-3deg", opacity: 1, offset: 0.76, easing: ease.both },
      { translate: "0 0", rotate: "0deg", opacity: 1 },
    ],
    timing,
  );
  flare(svg, kit, 0.26);
  kit.sound(
    [
      [2200, 180, 30],
      [1500, 210, 60],
    ],
    { voice: "pluck" },
  );
}

function flare(svg, kit, from) {
  const timing = { duration: kit.length };
  const at = (share) => from + (1 - from) * share;
  kit.animate(
    pivot(kit.part(svg, "flame"), 68, 77),
    [
      { scale: from ? "0 0" : "1", rotate: "0deg" },
      { scale: from ? "0 0" : "1", rotate: "30deg", offset: at(0.02), easing: ease.out },
      { scale: "1.22 1.4", rotate: "14deg", offset: at(0.26), easing: ease.both },
      { scale: "1.02 0.84", rotate: "-9deg", offset: at(0.48), easing: ease.both },
      { scale: "0.96 1.1", rotate: "5deg", offset: at(0.74), easing: ease.both },
      { scale: "1 1", rotate: "0deg" },
    ],
    timing,
  );
  kit.animate(
    pivot(kit.part(svg, "halo"), 69, 62),
    [
      { scale: from ? "0.2" : "1", opacity: from ? 0 : 1 },
      { scale: from ? "0.2" : "1", opacity: from ? 0 : 1, offset: at(0.04), easing: ease.out },
      { scale: "1.35", opacity: 1, offset: at(0.3), easing: ease.both },
      { scale: "1", opacity: 1 },
    ],
    timing,
  );
}

/** Each further match leaves an ember over the wick; the tenth lights the candle. */
async function gather(box, count, kit) {
  const light = lights.get(box);
  if (!light) return;
  const { svg, size } = light;
  light.drawn ??= setOut(box, kit, light);
  const candle = await light.drawn;
  if (kit.signal.aborted) return;
  const [flame, glow] = [kit.part(candle, "flame"), kit.part(candle, "glow")];
  const until = Math.min(count, NEEDED);
  for (; light.embers < until; light.embers += 1) {
    const angle = Math.PI * (0.98 + (1.04 * light.embers) / (NEEDED - 1));
    const ember = stand(
      kit.el("ember", light.ring),
      Math.cos(angle) * size * 0.4,
      Math.sin(angle) * size * 0.36,
      size * 0.1,
    );
    if (!kit.still)
      kit.animate(
        ember,
        [
          {
            translate: `${-Math.cos(angle) * size * 0.4}px ${-size * 0.3}px`,
            scale: 0.3,
            opacity: 0,
            easing: ease.out,
          },
          { translate: "0 0", scale: 1.5, opacity: 1, offset: 0.6 },
          { translate: "0 0", scale: 1, opacity: 1 },
        ],
        { duration: 320 * kit.pace },
      );
  }
  if (count < NEEDED) {
    if (!kit.still) flare(svg, kit, 0);
    return;
  }
  const first = !light.lit;
  light.lit = true;
  for (const part of [flame, glow]) part.style.display = "";
  if (first) {
    kit.room.set("candle", { key: light.key, candle });
    kit.stay(candle, BURNS_MS, "edge");
  }
  if (kit.still) {
    light.ring?.remove();
    svg.style.opacity = 0;
    return;
  }
  const timing = { duration: 900 * kit.pace };
  if (first) {
    kit.animate(
      light.ring,
      [
        { scale: 1, rotate: "0deg", opacity: 1, easing: ease.in },
        { scale: 0, rotate: "80deg", opacity: 1 },
      ],
      { duration: 330 * kit.pace },
    );
    kit.animate(
      svg,
      [
        { translate: "0 -96%", scale: 0.7, opacity: 1, easing: ease.in },
        { translate: "8% -58%", scale: 0.6, rotate: "-24deg", opacity: 1, offset: 0.6 },
        { translate: "0 -90%", scale: 0.5, opacity: 0 },
      ],
      { duration: 550 * kit.pace },
    );
    kit.sound(
      [
        ["C5", 330, 90],
        ["E5", 420, 90],
        ["G5", 510, 90],
        ["C6", 600, 260],
      ],
      { voice: "bell" },
    );
  }
  const big = Math.min(1 + (count - NEEDED) * 0.03, 1.5);
  kit.animate(
    pivot(flame, 64, 68),
    [
      { scale: first ? 0 : big, offset: 0 },
      { scale: first ? 0 : big, offset: 0.34, easing: ease.out },
      { scale: `${big * 1.15} ${big * 1.5}`, rotate: "6deg", offset: 0.55, easing: ease.both },
      { scale: `${big} ${big * 0.9}`, rotate: "-5deg", offset: 0.78, easing: ease.both },
      { scale: big, rotate: "0deg" },
    ],
    timing,
  );
  kit.animate(
    pivot(glow, 64, 44),
    [
      { scale: first ? 0 : 1, offset: 0 },
      { scale: first ? 0 : 1, offset: 0.34, easing: ease.out },
      { scale: 1.5 * big, offset: 0.6, easing: ease.both },
      { scale: big },
    ],
    timing,
  );
}

/** The match makes room for a candle; a combo that paused finds its candle burning. */
async function setOut(box, kit, light) {
  const { svg, x, y, size } = light;
  svg.style.transformOrigin = "50% 50%";
  if (kit.still) Object.assign(svg.style, { translate: "0 -96%", scale: "0.7" });
  else
    kit.animate(
      svg,
      [
        { translate: "0 0", scale: 1, rotate: "0deg", opacity: 1 },
        { translate: "0 -96%", scale: 0.7, rotate: "-8deg", opacity: 1 },
      ],
      { duration: 260 * kit.pace, easing: ease.both },
    );
  const burning = kit.room.get("candle");
  if (burning?.key === light.key && burning.candle.isConnected) {
    Object.assign(light, { lit: true, embers: NEEDED });
    return burning.candle;
  }
  const candle = stand(kit.el("candle", box), x, y, size * 0.8, size);
  const drawing = await kit.svg("gifts/scenery/candle.svg", candle);
  for (const name of ["flame", "glow"]) kit.part(drawing, name).style.display = "none";
  light.ring = stand(kit.el("embers", box), x, y - size * 0.68, 1, 1);
  if (!kit.still)
    kit.animate(
      candle,
      [
        { translate: "0 40%", scale: "0.7 0.4", opacity: 0 },
        { translate: "0 0", scale: 1, opacity: 1 },
      ],
      { duration: 300 * kit.pace, easing: ease.spring },
    );
  return candle;
}

export default {
  best: 430,
  play,
  combo: (box, gift, count, kit) => gather(box, reached(kit, gift, count), kit),
};
