// Tide Hello: a wave rolls through the room, waves a hand, and leaves the fan's words in foam
// behind it.
import { foam } from "./foam.js";

const ART = "gifts/art/tide-hello.svg";
const SHEET = 2400;
const DEPTH = 1300;
const CREST = 1530; // where the drawn wave is highest, in the units of the sheet

/** One plane of water: its crest goes from before the left edge, slowly past the middle, out to the
 * right, and sinks. */
function roll(kit, plane, { width, base, drop, lead }) {
  const share = width / SHEET;
  const at = (x, y) => `${x * kit.width - CREST * share}px ${y}px`;
  kit.animate(
    plane,
    [
      { translate: at(-0.5, base + drop * 0.35), easing: "cubic-bezier(0.2, 0.7, 0.5, 1)" },
      { translate: at(0.36 + lead, base), offset: 0.24, easing: "linear" },
      { translate: at(0.6 + lead, base), offset: 0.46, easing: "cubic-bezier(0.5, 0, 0.8, 0.6)" },
      { translate: at(1.5 + lead, base + drop * 0.3), offset: 0.74, easing: "ease-in" },
      { translate: at(1.9 + lead, base + drop), offset: 0.9 },
      { translate: at(1.9 + lead, base + drop) },
    ],
    { duration: kit.length },
  );
}

function plane(kit, box, name, width) {
  const image = kit.img(`gifts/scenery/tide-hello-${name}.svg`, "tide__plane", box);
  image.style.width = `${width}px`;
  image.style.height = `${width * (DEPTH / SHEET)}px`;
  return image;
}

/** How large everything is. `high`: from the highest crest to the flat sea; the sheet itself goes
 * deeper. */
function measures({ width: W, height: H }) {
  const tall = H > W;
  const rise = Math.min(tall ? H * 0.26 : H * 0.56, W * 0.66); // how high the swell stands
  const sheet = Math.max(rise * 5.6, W * 1.25);
  const high = sheet * (420 / SHEET);
  const base = (tall ? H * 0.66 : H * 1.03) - high * (400 / 420);
  return { tall, rise, sheet, high, base, size: rise * 1.06 };
}

/** What is left of the wave: bubbles that rise from the wet line and are gone. */
function bubbles(kit, box, { rise, high, base }) {
  const { width: W, length } = kit;
  for (let turn = 0; turn < (kit.lean ? 6 : 14); turn += 1) {
    const bubble = kit.el("tide__bubble", box);
    const wide = rise * (0.035 + kit.random() * 0.06);
    const x = W * (0.06 + 0.88 * ((turn + kit.random()) / 14));
    const y = base + high * (0.5 + kit.random() * 0.35);
    bubble.style.width = bubble.style.height = `${wide}px`;
    kit.animate(
      bubble,
      [
        { translate: `${x}px ${y}px`, scale: 0.2, opacity: 0 },
        { translate: `${x + 8}px ${y - rise * 0.14}px`, scale: 1, opacity: 0.95, offset: 0.3 },
        { translate: `${x - 8}px ${y - rise * 0.42}px`, scale: 1.05, opacity: 0.8, offset: 0.9 },
        { translate: `${x - 8}px ${y - rise * 0.46}px`, scale: 1.5, opacity: 0 },
      ],
      {
        duration: length * (0.26 + kit.random() * 0.2),
        delay: length * (0.2 + 0.34 * (x / W)),
        easing: "ease-out",
      },
    );
  }
}

async function play(box, gift, kit) {
  box.classList.add("tide");
  const { width: W, height: H, length } = kit;
  const { tall, sheet, high, base, size } = measures(kit);
  // a private sender's name is not written here either
  const words = gift.message || (!gift.private && gift.from) || "";

  const behind = plane(kit, box, "back", sheet);
  const text = words
    ? foam(kit, box, words, {
        x: W / 2,
        y: H * (tall ? 0.46 : 0.54) - (kit.still ? H * 0.15 : 0),
        width: W * (tall ? 0.88 : 0.8),
        size: Math.min(W * 0.12, H * 0.12),
      })
    : null;
  if (gift.message) box.querySelector(".tide__foam").dataset.message = "";
  const hero = kit.el("tide__hero", box);
  hero.style.width = hero.style.height = `${size}px`;
  const svg = await kit.svg(ART, hero);
  const before = plane(kit, box, "front", sheet);
  await Promise.all([behind, before].map((image) => image.decode().catch(() => undefined)));

  const heroAt = (x, y) => `${x * W - size * 0.5}px ${base + y * high - size * 0.42}px`;
  if (kit.still) {
    for (const [image, lead] of [
      [behind, 0],
      [before, -0.02],
    ])
      image.style.translate = `${(0.84 + lead) * W - CREST * (sheet / SHEET)}px ${base + high * 0.28}px`;
    hero.style.translate = heroAt(tall ? 0.72 : 0.82, 0.44);
    return;
  }

  roll(kit, behind, { width: sheet, base, drop: high * 1.6, lead: 0.02 });
  roll(kit, before, { width: sheet, base: base + high * 0.08, drop: high * 1.6, lead: -0.03 });
  kit.animate(
    hero,
    [
      { translate: heroAt(-0.6, 0.62), rotate: "10deg", easing: "cubic-bezier(0.2, 0.7, 0.5, 1)" },
      { translate: heroAt(0.36, 0.2), rotate: "-5deg", offset: 0.24, easing: "ease-in-out" },
      { translate: heroAt(0.48, 0.14), rotate: "3deg", offset: 0.36, easing: "ease-in-out" },
      {
        translate: heroAt(0.6, 0.2),
        rotate: "-3deg",
        offset: 0.46,
        easing: "cubic-bezier(0.5, 0, 0.8, 0.6)",
      },
      { translate: heroAt(1.5, 0.5), rotate: "9deg", offset: 0.74 },
      { translate: heroAt(1.6, 1.2), rotate: "9deg" },
    ],
    { duration: length },
  );
  const hand = kit.part(svg, "hand");
  kit.animate(hand, [{ rotate: "-13deg" }, { rotate: "15deg" }], {
    duration: 310,
    iterations: Math.ceil(length / 310),
    direction: "alternate",
    easing: "ease-in-out",
  });
  kit.animate(kit.part(svg, "swish"), [{ opacity: 0.2 }, { opacity: 1 }], {
    duration: 310,
    iterations: Math.ceil(length / 310),
    direction: "alternate",
    easing: "ease-in-out",
  });
  if (text) text.reveal([0.2, 0.56], length);

  bubbles(kit, box, measures(kit));
}

export default { best: 1_750, play };
