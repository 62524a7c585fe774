// Pebble: a pebble drops into the water with a plop. In a combo, stone upon stone makes a cairn.
import { ease, pivot, reached, spot, stand } from "./craft.js";

const STONES = ["b", "c", "a"];
const MOST = 14; // stones that are drawn; more of them are counted in the line
const cairns = new WeakMap(); // box -> {pile, size, stones, high, room, last}

async function play(box, gift, kit) {
  const { size, x, y } = spot(kit);
  const svg = stand(await kit.svg("gifts/art/pebble.svg", box), x, y, size);
  const pile = stand(kit.el("cairn", box), x, y - size * 0.8, size, 1);
  cairns.set(box, { pile, size, stones: 0, high: 0, laid: [], room: y - size * 0.9 });
  const count = reached(kit, gift);
  if (count > 1) return build(box, count, kit);
  if (!kit.still) plop(svg, kit);
}

function plop(svg, kit) {
  const timing = { duration: kit.length };
  kit.animate(
    pivot(kit.part(svg, "stone"), 64, 104),
    [
      {
        translate: "0 -230px",
        rotate: "-60deg",
        scale: "0.94 1.06",
        opacity: 0,
        easing: ease.fall,
      },
      {
        translate: "0 -160px",
        rotate: "-40deg",
        scale: "0.92 1.08",
        opacity: 1,
        offset: 0.12,
        easing: ease.fall,
      },
      { translate: "0 4px", rotate: "0deg", scale: "0.88 1.14", offset: 0.34, easing: ease.out },
      { translate: "0 8px", scale: "1.14 0.86", offset: 0.43, easing: ease.both },
      { translate: "0 -15px", scale: "0.97 1.06", offset: 0.62, easing: ease.both },
      { translate: "0 3px", scale: "1.03 0.97", offset: 0.8, easing: ease.both },
      { translate: "0 0", rotate: "0deg", scale: "1 1", opacity: 1 },
    ],
    timing,
  );
  // The water feels it come, is pressed down, and swings back.
  kit.animate(
    pivot(kit.part(svg, "water"), 64, 98),
    [
      { scale: "0.3", opacity: 0 },
      { scale: "0.3", opacity: 0, offset: 0.05 },
      { scale: "0.72", opacity: 0.7, offset: 0.33, easing: ease.out },
      { scale: "1.16 1.06", opacity: 1, offset: 0.47, easing: ease.both },
      { scale: "0.97", opacity: 1, offset: 0.68, easing: ease.both },
      { scale: "1", opacity: 1 },
    ],
    timing,
  );
  kit.animate(
    pivot(kit.part(svg, "splash"), 64, 112),
    [
      { scale: "0.5 0" },
      { scale: "0.5 0", offset: 0.33, easing: ease.rise },
      { scale: "1.02 1.5", offset: 0.49, easing: ease.fall },
      { scale: "1.1 0.84", offset: 0.68, easing: ease.both },
      { scale: "0.98 1.06", offset: 0.84, easing: ease.both },
      { scale: "1 1" },
    ],
    timing,
  );
  kit.sound(
    [
      [520, 260, 40],
      [780, 310, 60],
    ],
    { voice: "soft" },
  );
}

/** Put stones on until there are as many as were sent; the last one falls, and the whole pile feels
 * it. */
function build(box, count, kit) {
  const cairn = cairns.get(box);
  if (!cairn) return;
  const { pile, size } = cairn;
  const until = Math.min(count - 1, MOST);
  if (until < cairn.stones) return lower(cairn, until, kit);
  for (; cairn.stones < until; cairn.stones += 1) {
    const at = cairn.stones;
    const golden = (at + 2) % 5 === 0;
    const wide = size * (golden ? 0.6 : 0.76 - 0.022 * at);
    const high = (wide * 56) / 96;
    const stone = kit.img(`gifts/scenery/cairn-${golden ? "d" : STONES[at % 3]}.svg`, "", pile);
    stand(stone, size / 2 + size * 0.05 * [1, -1, 0.3, -0.6][at % 4], -cairn.high, wide, high);
    cairn.high += high * 0.84;
    cairn.last = stone;
    cairn.laid.push({ stone, high: high * 0.84 });
  }
  // The taller it is, the further one stands back.
  const back = Math.min(1, cairn.room / cairn.high);
  if (kit.still) pile.style.scale = back;
  if (kit.still || !cairn.last) return;
  const fall = 260 * kit.pace;
  kit.animate(
    cairn.last,
    [
      {
        translate: "0 -150px",
        rotate: `${count % 2 ? 28 : -28}deg`,
        opacity: 0,
        easing: ease.fall,
      },
      {
        translate: "0 0",
        rotate: "0deg",
        scale: "0.94 1.1",
        opacity: 1,
        offset: 0.45,
        easing: ease.out,
      },
      { translate: "0 3%", scale: "1.14 0.78", offset: 0.58, easing: ease.both },
      { translate: "0 -7%", scale: "0.97 1.06", offset: 0.78, easing: ease.both },
      { translate: "0 0", rotate: "0deg", scale: "1", opacity: 1 },
    ],
    { duration: fall * 2.2 },
  );
  const lean = Math.min(1 + cairn.stones * 0.35, 4) * (count % 2 ? 1 : -1);
  kit.animate(
    pile,
    [
      { scale: back, rotate: "0deg" },
      { scale: back, rotate: "0deg", offset: 0.36, easing: ease.out },
      {
        scale: `${back * 1.03} ${back * 0.95}`,
        rotate: `${lean}deg`,
        offset: 0.5,
        easing: ease.both,
      },
      { scale: back, rotate: `${-lean * 0.6}deg`, offset: 0.72, easing: ease.both },
      { scale: back, rotate: "0deg" },
    ],
    { duration: fall * 2.6 },
  );
  kit.sound([[260 + 40 * Math.min(count, 14), fall * 0.45, 30]], { voice: "pluck" });
}

/** A press was taken back: what lay on top rolls off. */
function lower(cairn, until, kit) {
  for (const { stone, high } of cairn.laid.splice(Math.max(0, until))) {
    cairn.high -= high;
    const gone = () => stone.remove();
    if (kit.still) gone();
    else
      kit
        .animate(
          stone,
          [
            { translate: "0 0", rotate: "0deg", opacity: 1, easing: ease.fall },
            { translate: "60% 40px", rotate: "80deg", opacity: 0 },
          ],
          { duration: 260 * kit.pace },
        )
        .finished.then(gone, gone);
  }
  cairn.stones = cairn.laid.length;
  cairn.last = cairn.laid.at(-1)?.stone;
}

export default {
  best: 470,
  play,
  combo: (box, gift, count, kit) => build(box, reached(kit, gift, count), kit),
  fewer: (box, gift, count, kit) => build(box, reached(kit, gift, count), kit),
};
