// Night Market: stalls roll up along the frame in the dark and light up one after the other; each
// sign carries the name of a supporter who allows it, the middle one the sender's.

import { frame } from "./frame.js";

const PIECE = "gifts/scenery/night-market-";
const KEEPERS = {
  red: `${PIECE}cat.svg`,
  teal: "gifts/art/moss-frog.svg",
  violet: "gifts/art/clap-crab.svg",
  amber: "gifts/art/brass-snail.svg",
  pink: "gifts/art/tiny-kettle.svg",
};
const TALL = 210 / 200;

/** Where the five stand: a row below on a wide frame; two at each side and one below on others. The
 * middle one comes last. */
function places(W, H) {
  if (H > W * 0.7) {
    const wide = Math.min(W * 0.31, H * 0.3);
    const big = wide * 1.26;
    const at = (left, top, size, from) => ({ x: left, y: top, wide: size, from });
    const [upper, lower] = [H - wide * TALL * 2.32, H - wide * TALL * 1.02];
    return [
      at(0, upper, wide, "-120% 0"),
      at(W - wide, upper, wide, "120% 0"),
      at(0, lower, wide, "-120% 0"),
      at(W - wide, lower, wide, "120% 0"),
      at((W - big) / 2, H - big * TALL * 0.985, big, "0 260%"),
    ];
  }
  const wide = Math.min(W * 0.168, H * 0.34);
  const big = wide * 1.3;
  const step = (W - big) / 4.08;
  const at = (left, size) => ({ x: left, y: H - size * TALL * 0.985, wide: size, from: "0 130%" });
  return [
    at(step * 0.04, wide),
    at(step * 1.0, wide),
    at(W - wide - step * 1.0, wide),
    at(W - wide - step * 0.04, wide),
    at((W - big) / 2, big),
  ];
}

function stall(box, kit, place, colour, name, begin) {
  const { x, y, wide, from } = place;
  const stand = kit.el("market__stall", box);
  stand.style.width = `${wide}px`;
  stand.style.height = `${wide * TALL}px`;
  stand.style.left = `${x}px`;
  stand.style.top = `${y}px`;
  for (const side of ["back", "front"]) kit.img(`${PIECE}off-${side}.svg`, "market__layer", stand);
  const glow = kit.el("market__glow", stand);
  const lit = kit.el("market__layer", stand);
  kit.img(`${PIECE}${colour}-back.svg`, "market__layer", lit);
  const keeper = kit.img(KEEPERS[colour], "market__keeper", lit);
  kit.img(`${PIECE}${colour}-front.svg`, "market__layer", lit);
  const sign = name ? kit.el("market__sign", stand) : null;
  if (sign) {
    kit.img(`${PIECE}sign.svg`, "market__layer", sign);
    const written = kit.text(name, "market__name", sign);
    // A long name takes two lines; one that fits neither way is cut off.
    const letters = [...name].length;
    const two = letters > 11 && /\s/.test(name);
    written.classList.toggle("is-two", two);
    written.style.fontSize = `${Math.max(10, Math.min(wide * (two ? 0.092 : 0.15), (wide * (two ? 1.9 : 1.16)) / letters))}px`;
  }
  if (kit.still) return;
  const { length } = kit;
  const away = { duration: length * 0.1, delay: length * 0.9, easing: "ease-in" };
  kit.animate(
    stand,
    [{ translate: from }, { translate: "0 -3%", offset: 0.75 }, { translate: "0 0" }],
    { duration: 560, delay: place.turn * 70, easing: "ease-out" },
  );
  kit.animate(stand, [{ translate: "0 0" }, { translate: from }], { ...away, fill: "forwards" });
  kit.animate(lit, [{ opacity: 0 }, { opacity: 1 }], {
    duration: 420,
    delay: begin,
    easing: "ease-out",
  });
  kit.animate(
    glow,
    [
      { opacity: 0, scale: 0.5 },
      { opacity: 1, scale: 1.06, offset: 0.7 },
      { opacity: 0.85, scale: 1 },
    ],
    { duration: 900, delay: begin, easing: "ease-out" },
  );
  kit.animate(
    keeper,
    [{ translate: "0 70%" }, { translate: "0 -9%", offset: 0.6 }, { translate: "0 0" }],
    { duration: 480, delay: begin + 120, easing: "ease-out" },
  );
  kit.animate(keeper, [{ rotate: "-4deg" }, { rotate: "4deg" }], {
    duration: 520,
    delay: begin + 600,
    iterations: 8,
    direction: "alternate",
    easing: "ease-in-out",
    fill: "none",
  });
  if (sign) {
    kit.animate(
      sign,
      [
        { opacity: 0, rotate: "-16deg", scale: 0.7 },
        { opacity: 1, rotate: "7deg", scale: 1.04, offset: 0.4 },
        { opacity: 1, rotate: "-4deg", scale: 1, offset: 0.7 },
        { opacity: 1, rotate: "0deg", scale: 1 },
      ],
      { duration: 900, delay: begin + 160, easing: "ease-in-out" },
    );
  }
}

/** The cord of lamps along the upper edge; each lamp lights with its stall. */
function lamps(box, kit, begins, W, H) {
  const high = Math.min(H * 0.13, W * 0.2);
  const cord = kit.el("market__cord", box);
  cord.style.height = `${high}px`;
  kit.img(`${PIECE}string.svg`, "market__layer", cord);
  const count = W > 700 ? 9 : 5;
  const size = Math.min(high * 0.95, 92);
  for (let turn = 0; turn < count; turn += 1) {
    const share = (turn + 0.5) / count;
    // The cord hangs in two bows; a lamp hangs where the cord is.
    const bow = Math.sin(Math.PI * Math.min(1, (share < 0.5 ? share : 1 - share) * 1.62));
    const lamp = kit.el("market__lamp", cord);
    lamp.style.width = `${size}px`;
    lamp.style.height = `${size * 1.1}px`;
    lamp.style.left = `${share * W - size / 2}px`;
    lamp.style.top = `${high * (0.08 + 0.68 * bow) - size * 0.12}px`;
    kit.img(`${PIECE}lamp-off.svg`, "market__layer", lamp);
    const lit = kit.img(`${PIECE}lamp.svg`, "market__layer", lamp);
    if (kit.still) continue;
    const begin = begins[0] + ((begins[4] - begins[0]) * turn) / (count - 1);
    kit.animate(lit, [{ opacity: 0 }, { opacity: 1 }], {
      duration: 500,
      delay: begin,
      easing: "ease-out",
    });
    kit.animate(lamp, [{ rotate: "-5deg" }, { rotate: "5deg" }], {
      duration: 900 + 60 * (turn % 3),
      iterations: 6,
      direction: "alternate",
      easing: "ease-in-out",
    });
  }
  if (kit.still) return;
  kit.animate(
    cord,
    [{ translate: "0 -130%" }, { translate: "0 6%", offset: 0.7 }, { translate: "0 0" }],
    { duration: 620, easing: "ease-out" },
  );
  kit.animate(cord, [{ translate: "0 0" }, { translate: "0 -150%" }], {
    duration: kit.length * 0.1,
    delay: kit.length * 0.9,
    easing: "ease-in",
    fill: "forwards",
  });
}

function sparks(box, kit, W, H) {
  for (let turn = 0; turn < (kit.lean ? 3 : 8); turn += 1) {
    const spark = kit.el("market__spark", box);
    const x = W * (0.05 + 0.9 * kit.random());
    const y = H * (0.95 - 0.25 * kit.random());
    const drift = (kit.random() - 0.5) * 90;
    kit.animate(
      spark,
      [
        { translate: `${x}px ${y}px`, opacity: 0 },
        { opacity: 1, offset: 0.25 },
        { opacity: 0.8, offset: 0.7 },
        { translate: `${x + drift}px ${y - H * 0.4}px`, opacity: 0 },
      ],
      { duration: 2_000, delay: kit.length * (0.2 + 0.32 * kit.random()), easing: "ease-out" },
    );
  }
}

async function play(box, gift, kit) {
  box.classList.add("market");
  const names = kit.supporters(5).map((person) => person.name);
  const { element, width: W, height: H } = frame(kit, box);
  const stands = places(W, H);
  const begins = [0.16, 0.25, 0.34, 0.43, 0.54].map((share) => share * kit.length);
  lamps(element, kit, begins, W, H);
  // The first name is the sender's: it belongs over the middle stall, which comes last.
  const written = [...names.slice(1, 5), "", "", "", ""].slice(0, 4).concat(names[0] ?? "");
  const colours = ["teal", "violet", "amber", "pink", "red"];
  for (const [turn, place] of stands.entries())
    stall(element, kit, { ...place, turn }, colours[turn], written[turn], begins[turn]);
  if (!kit.still) sparks(element, kit, W, H);
}

export default { best: 3_900, play };
