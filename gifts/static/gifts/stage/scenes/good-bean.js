// Good Bean: a bean hops in, holds its breath, and sprouts. In a combo every tap puts a leaf on
// the plant, then a flower.
import { ease, pivot, reached, spot, stand } from "./craft.js";

const LEAVES = 10;
const plants = new WeakMap(); // box -> {svg, x, y, size, shown, plant}

async function play(box, gift, kit) {
  const { size, x, y } = spot(kit);
  const svg = stand(await kit.svg("gifts/art/good-bean.svg", box), x, y, size);
  svg.style.transformOrigin = "58% 94%";
  plants.set(box, { svg, x, y, size, shown: 0 });
  if (!kit.still) sprout(svg, kit);
  const count = reached(kit, gift);
  if (count > 1) await grow(box, count, kit);
}

function sprout(svg, kit) {
  const timing = { duration: kit.length };
  kit.animate(
    svg,
    [
      { translate: "-30% 40%", scale: "0.5", rotate: "-30deg", opacity: 0, easing: ease.rise },
      {
        translate: "-12% -34%",
        scale: "0.94 1.08",
        rotate: "-12deg",
        opacity: 1,
        offset: 0.16,
        easing: ease.fall,
      },
      { translate: "0 0", scale: "1.16 0.8", rotate: "4deg", offset: 0.32, easing: ease.both },
      { translate: "0 0", scale: "1.1 0.86", rotate: "0deg", offset: 0.42, easing: ease.out },
      { translate: "0 -8%", scale: "0.93 1.13", rotate: "0deg", offset: 0.54, easing: ease.both },
      { translate: "0 0", scale: "1.04 0.96", rotate: "3deg", offset: 0.7, easing: ease.both },
      { translate: "0 0", scale: "1", rotate: "-2deg", offset: 0.86, easing: ease.both },
      { translate: "0 0", scale: "1", rotate: "0deg", opacity: 1 },
    ],
    timing,
  );
  kit.animate(
    pivot(kit.part(svg, "sprout"), 68, 48),
    [
      { scale: "0.1 0", rotate: "24deg" },
      { scale: "0.1 0", rotate: "24deg", offset: 0.42, easing: ease.out },
      { scale: "0.7 1.4", rotate: "-14deg", offset: 0.58, easing: ease.both },
      { scale: "1.18 0.92", rotate: "9deg", offset: 0.74, easing: ease.both },
      { scale: "0.97 1.03", rotate: "-4deg", offset: 0.88, easing: ease.both },
      { scale: "1", rotate: "0deg" },
    ],
    timing,
  );
  // Eyes shut tight while it tries, wide open when it has come.
  kit.animate(
    pivot(kit.part(svg, "eyes"), 79, 75),
    [
      { scale: "1 1" },
      { scale: "1 1", offset: 0.28 },
      { scale: "1.1 0.14", offset: 0.34 },
      { scale: "1.1 0.14", offset: 0.48, easing: ease.out },
      { scale: "1.16 1.2", offset: 0.6, easing: ease.both },
      { scale: "1 1", offset: 0.8 },
      { scale: "1 1" },
    ],
    timing,
  );
  kit.sound(
    [
      ["C5", 240, 50],
      ["G5", 400, 70],
      ["C6", 500, 90],
    ],
    { voice: "pluck" },
  );
}

/** What a tap made to grow is not there any more when it is taken back. */
function wither(bean, plant, count, kit) {
  for (; bean.shown > count; bean.shown -= 1) {
    const flower = bean.shown > LEAVES;
    const at = flower ? bean.shown - LEAVES : bean.shown;
    for (const name of flower ? [`flower-${at}`] : [`leaf-${at}`, `stem-${at}`])
      kit.part(plant, name).style.display = "none";
  }
}

/** Ten leaves from below, then ten flowers from above; one for each tap. */
async function grow(box, count, kit) {
  const bean = plants.get(box);
  if (!bean) return;
  const { svg } = bean;
  bean.drawn ??= pot(box, kit, bean);
  const plant = await bean.drawn;
  if (kit.signal.aborted) return;
  wither(bean, plant, count, kit);
  for (; bean.shown < Math.min(count, LEAVES * 2); bean.shown += 1) {
    const flower = bean.shown >= LEAVES;
    const at = flower ? bean.shown - LEAVES + 1 : bean.shown + 1;
    const piece = kit.part(plant, `${flower ? "flower" : "leaf"}-${at}`);
    piece.style.display = "";
    if (!flower) kit.part(plant, `stem-${at}`).style.display = "";
    if (kit.still || bean.shown < count - 2) continue;
    kit.animate(
      pivot(piece, 0, 0),
      [
        { scale: 0, rotate: flower ? "-140deg" : "-50deg", easing: ease.out },
        { scale: 1.3, rotate: "16deg", offset: 0.5, easing: ease.both },
        { scale: 0.94, rotate: "-6deg", offset: 0.76, easing: ease.both },
        { scale: 1, rotate: "0deg" },
      ],
      { duration: 420 * kit.pace },
    );
  }
  if (kit.still) return;
  const lean = count % 2 ? 3 : -3;
  kit.animate(
    plant,
    [
      { scale: "1 0.93", rotate: "0deg", easing: ease.out },
      { scale: "0.98 1.04", rotate: `${lean}deg`, offset: 0.4, easing: ease.both },
      { scale: 1, rotate: `${-lean / 2}deg`, offset: 0.7, easing: ease.both },
      { scale: 1, rotate: "0deg" },
    ],
    { duration: 480 * kit.pace },
  );
  kit.animate(
    svg,
    [
      { scale: "1.1 0.88", easing: ease.out },
      { scale: "0.95 1.06", offset: 0.45, easing: ease.both },
      { scale: 1 },
    ],
    { duration: 360 * kit.pace },
  );
  kit.sound([[["C5", "D5", "E5", "G5", "A5"][count % 5], 0, 80]], { voice: "pluck" });
}

async function pot(box, kit, { svg, x, y, size }) {
  const tall = Math.min(size * 2.5, (y - size * 0.66) * 0.98);
  const plant = await kit.svg("gifts/scenery/bean-plant.svg");
  stand(plant, x + size * 0.03, y - size * 0.62, tall * 0.4, tall);
  plant.style.transformOrigin = "50% 100%";
  box.insertBefore(plant, svg);
  for (const piece of plant.querySelectorAll("[data-part]")) piece.style.display = "none";
  kit.part(svg, "sprout").style.display = "none";
  return plant;
}

export default {
  best: 620,
  play,
  combo: (box, gift, count, kit) => grow(box, reached(kit, gift, count), kit),
  fewer: (box, gift, count, kit) => grow(box, reached(kit, gift, count), kit),
};
