// Lucky Button: a button is tossed like a coin, lands on a patch and is sewn on; then the patch
// goes to the room's quilt.
import { ease, pivot, reached, spot, stand } from "./craft.js";

const COLUMNS = 3;
const ROWS = 8; // as many patches as the room keeps: a new one takes the place of the oldest
const HANGS_MS = 600_000;
const CLOTHS = 6;
const sewing = new WeakMap(); // box -> {svg, x, y, size, sewn}

async function play(box, gift, kit) {
  const { size, x, y } = spot(kit);
  const svg = stand(await kit.svg("gifts/art/lucky-button.svg", box), x, y, size);
  sewing.set(box, { svg, x, y, size, sewn: 0 });
  if (!kit.still) toss(svg, kit);
  hang(box, Math.min(gift.quantity, 5), kit, 0.78);
  sewing.get(box).sewn = reached(kit, gift);
}

function toss(svg, kit) {
  const timing = { duration: kit.length };
  kit.animate(
    pivot(kit.part(svg, "button"), 64, 65),
    [
      { translate: "-20px 90px", scale: "0.3", opacity: 0, easing: ease.rise },
      { translate: "-12px -10px", scale: "0.1 0.7", opacity: 1, offset: 0.1, easing: ease.rise },
      { translate: "-4px -70px", scale: "0.95", opacity: 1, offset: 0.2, easing: "linear" },
      { translate: "-2px -62px", scale: "0.08 0.95", opacity: 1, offset: 0.26, easing: ease.fall },
      {
        translate: "0 0",
        scale: "1.12 0.9",
        rotate: "0deg",
        opacity: 1,
        offset: 0.4,
        easing: ease.both,
      },
      {
        translate: "0 -7px",
        scale: "0.98 1.04",
        rotate: "9deg",
        opacity: 1,
        offset: 0.5,
        easing: ease.both,
      },
      { translate: "0 0", scale: "1", rotate: "0deg", opacity: 1, offset: 0.6 },
      { translate: "0 0", scale: "1", rotate: "0deg", opacity: 1 },
    ],
    timing,
  );
  // Two stitches, down and up through the cloth.
  kit.animate(
    pivot(kit.part(svg, "needle"), 110, 40),
    [
      { translate: "30px -50px", rotate: "30deg", opacity: 0 },
      { translate: "30px -50px", rotate: "30deg", opacity: 0, offset: 0.4, easing: ease.in },
      { translate: "-46px 22px", rotate: "-14deg", opacity: 1, offset: 0.54, easing: ease.out },
      { translate: "-6px -22px", rotate: "14deg", opacity: 1, offset: 0.64, easing: ease.in },
      { translate: "-30px 20px", rotate: "-10deg", opacity: 1, offset: 0.76, easing: ease.out },
      { translate: "4px -8px", rotate: "8deg", opacity: 1, offset: 0.9, easing: ease.both },
      { translate: "0 0", rotate: "0deg", opacity: 1 },
    ],
    timing,
  );
  kit.animate(
    pivot(kit.part(svg, "stitch"), 64, 65),
    [
      { scale: "0 0", opacity: 0 },
      { scale: "0 0", opacity: 0, offset: 0.53, easing: ease.out },
      { scale: "0.66", rotate: "-14deg", opacity: 1, offset: 0.58 },
      { scale: "0.66", rotate: "-14deg", opacity: 1, offset: 0.75, easing: ease.spring },
      { scale: "1", rotate: "0deg", opacity: 1, offset: 0.88 },
      { scale: "1", rotate: "0deg", opacity: 1 },
    ],
    timing,
  );
  kit.sound(
    [
      ["G5", 300, 30],
      ["E6", 420, 40],
      ["G6", 600, 60],
    ],
    { voice: "pluck" },
  );
}

/** Sew so many patches to the quilt, which hangs at the top of the column. */
function hang(box, count, kit, from) {
  const { x, y, size } = sewing.get(box);
  for (let turn = 0; turn < count; turn += 1) {
    const at = kit.room.get("patches") ?? 0;
    kit.room.set("patches", at + 1);
    const wide = Math.min(kit.width / 4, kit.height / ROWS / 2.2, 32 * Math.max(1, kit.scale));
    const column = at % COLUMNS;
    const row = Math.floor(at / COLUMNS) % ROWS;
    const left = kit.width - (COLUMNS - column - 0.5) * wide;
    const patch = stand(
      kit.img(`gifts/scenery/patch-${(at * 5 + row) % CLOTHS}.svg`, "patch", box),
      left,
      (row + 1) * wide,
      wide * 1.06,
    );
    kit.stay(patch, HANGS_MS, "quilt");
    if (kit.still) continue;
    const way = `${x - left}px ${y - size / 2 - (row + 0.5) * wide}px`;
    kit.animate(
      patch,
      [
        { translate: way, scale: size / wide / 2, rotate: "0deg", opacity: 0 },
        {
          translate: way,
          scale: (size / wide) * 0.7,
          rotate: "-12deg",
          opacity: 0.9,
          offset: 0.14,
          easing: ease.both,
        },
        {
          translate: "0 -6px",
          scale: 1.5,
          rotate: "10deg",
          opacity: 1,
          offset: 0.72,
          easing: ease.fall,
        },
        {
          translate: "0 0",
          scale: 0.9,
          rotate: "0deg",
          opacity: 1,
          offset: 0.86,
          easing: ease.out,
        },
        { translate: "0 0", scale: 1, rotate: "0deg", opacity: 1 },
      ],
      { duration: 700 * kit.pace, delay: kit.length * from + turn * 90 },
    );
  }
}

function sew(box, gift, count, kit) {
  const work = sewing.get(box);
  if (!work) return;
  reached(kit, gift, count);
  hang(box, Math.min(Math.max(1, count - work.sewn), 5), kit, 0.04);
  work.sewn = count;
  if (kit.still) return;
  const side = count % 2 ? 1 : -1;
  kit.animate(
    work.svg,
    [
      { scale: 1, rotate: "0deg", easing: ease.out },
      { scale: "1.12 0.88", rotate: `${side * 5}deg`, offset: 0.3, easing: ease.both },
      { scale: "0.96 1.05", rotate: `${side * -4}deg`, offset: 0.62, easing: ease.both },
      { scale: 1, rotate: "0deg" },
    ],
    { duration: 320 * kit.pace },
  );
  kit.animate(
    pivot(kit.part(work.svg, "button"), 64, 65),
    [{ rotate: "0deg", easing: ease.both }, { rotate: `${side * 90}deg` }],
    { duration: 300 * kit.pace },
  );
  kit.sound([[["G5", "A5", "C6", "D6", "E6"][count % 5], 0, 40]], { voice: "pluck" });
}

export default { best: 640, play, combo: sew };
