// Leviathan Parade: over the harbour a whale draws itself in light; the crowd's papers fly up, each
// with a person's initial, and become its skin. A light goes on inside, it opens its eye and swims
// away. The whale is a Lottie film, drawn by tools/gift_art/leviathan_parade.py; who is on it, where it
// swims and the crowd are this module's.
import { appear, fall, mover, put } from "./air.js";

const LENGTH = 12_000;
const LIT = 5_600;
const LEAVES = 7_700;
const FILM = [1_220, 860];
const PATCHES = 11;
// Where the patches are on the film, and when they are there: as in the script that draws it.
const SPOTS = [
  [430, 350],
  [562, 514],
  [562, 364],
  [300, 354],
  [694, 518],
  [426, 506],
  [686, 404],
  [170, 390],
  [810, 518],
  [1_050, 394],
  [522, 720],
];
const lands = (number) => 2_700 + number * 220;
const INKS = [
  "#ffb648",
  "#ff7466",
  "#6f7bf0",
  "#ff8fa6",
  "#35b8a8",
  "#7b68e6",
  "#f2709c",
  "#3fb9c6",
  "#ffb648",
  "#ff7e8e",
  "#3fb9c6",
];

/** Papers rise from the crowd, each with an initial, and are gone where the film shows the patch. */
function papers(kit, box, people, whale) {
  const move = mover(kit);
  const size = whale.width * 0.055;
  SPOTS.forEach(([fx, fy], number) => {
    const [x, y] = [
      whale.left + (fx / FILM[0]) * whale.width,
      whale.top + (fy / FILM[1]) * whale.height,
    ];
    const paper = put(
      kit.text(people[number]?.initial ?? "", "parade__paper", box),
      x,
      y,
      size,
      size,
    );
    paper.style.background = INKS[number];
    paper.style.fontSize = `${size * 0.62}px`;
    const from = [(kit.random() - 0.5) * kit.width * 0.9 + kit.width / 2 - x, kit.height * 0.9 - y];
    const bend = (kit.random() - 0.5) * kit.width * 0.3;
    const took = 1_500;
    move(
      paper,
      [
        {
          translate: `${from[0]}px ${from[1]}px`,
          rotate: "-80deg",
          scale: 0.3,
          opacity: 0,
          easing: "ease-out",
        },
        {
          translate: `${from[0] * 0.8 + bend * 0.5}px ${from[1] * 0.74}px`,
          rotate: "-20deg",
          scale: 1.1,
          opacity: 1,
          offset: 0.22,
          easing: "ease-in-out",
        },
        {
          translate: `${from[0] * 0.3 + bend}px ${from[1] * 0.12}px`,
          rotate: "26deg",
          scale: 1.25,
          opacity: 1,
          offset: 0.7,
          easing: "ease-in",
        },
        { translate: "0 0", rotate: "-4deg", scale: 1, opacity: 1, offset: 0.97 },
        { translate: "0 0", rotate: "-4deg", scale: 1, opacity: 0 },
      ],
      { at: lands(number) - took, ms: took + 60 },
    );
  });
}

function crowd(kit, box, name, { top, height, hop, every }) {
  const move = mover(kit);
  /** @type {[string, number][]} */
  const halves = [
    ["a", 0],
    ["b", 0.5],
  ];
  for (const [half, late] of halves) {
    const image = put(
      kit.img(`gifts/scenery/leviathan-parade-${name}-${half}.svg`, "parade__strip", box),
      kit.width / 2,
      top + height / 2,
      kit.width * 1.04,
      height,
    );
    move(image, [{ translate: `0 ${hop}px` }, { translate: `0 ${-hop}px` }], {
      at: -every * (1 + late),
      ms: every,
      iterations: Infinity,
      direction: "alternate",
      easing: "ease-in-out",
    });
    move(
      image,
      [
        { transform: `translateY(${height}px)`, easing: "cubic-bezier(0.2, 0.8, 0.2, 1)" },
        { transform: "translateY(0)", offset: 0.1 },
        { transform: "translateY(0)", offset: 0.92, easing: "ease-in" },
        { transform: `translateY(${height}px)` },
      ],
      { at: 100, ms: LENGTH - 200 },
    );
  }
}

/** It swims to the left and up, out of the picture. */
function swim(kit, holder, whale) {
  const move = mover(kit);
  const out = -(whale.left + whale.width * 1.15);
  const bob = whale.height * 0.03;
  move(holder, [{ transform: `translateY(${bob}px)` }, { transform: `translateY(${-bob}px)` }], {
    at: LIT - 1_700,
    ms: 1_700,
    iterations: Infinity,
    direction: "alternate",
    easing: "ease-in-out",
  });
  move(
    holder,
    [
      { translate: "0 0", easing: "cubic-bezier(0.5, 0, 0.7, 0.5)" },
      { translate: `${out * 0.12}px ${whale.height * 0.05}px`, offset: 0.3, easing: "linear" },
      { translate: `${out * 0.62}px ${-whale.height * 0.02}px`, offset: 0.72, easing: "linear" },
      { translate: `${out}px ${-whale.height * 0.22}px` },
    ],
    { at: LEAVES, ms: 3_000 },
  );
}

/** And is seen once more, far away, before the moon. */
function farewell(kit, box, holder, moon, behind) {
  const drawn = holder.querySelector("svg");
  if (!drawn) return;
  const move = mover(kit);
  const width = moon.size * 0.95;
  const away = put(
    kit.el("parade__away", behind),
    moon.x,
    moon.y,
    width,
    (width * FILM[1]) / FILM[0],
  );
  away.append(drawn.cloneNode(true));
  move(
    away,
    [
      { translate: `${-moon.size * 1.5}px ${moon.size * 0.5}px`, opacity: 0 },
      { opacity: 1, offset: 0.2 },
      { opacity: 1, offset: 0.8 },
      { translate: `${moon.size * 1.3}px ${-moon.size * 0.5}px`, opacity: 0 },
    ],
    { ms: 2_300, easing: "linear" },
  );
}

function lanterns(kit, box) {
  const move = mover(kit);
  const count = kit.lean ? 3 : 6;
  for (let number = 0; number < count; number += 1) {
    const size = (26 + kit.random() * 26) * Math.max(0.8, kit.scale);
    const x = ((number + 0.2 + kit.random() * 0.6) / count) * kit.width;
    const lamp = put(kit.el("parade__lamp", box), x, kit.height * 0.9, size, size * 1.25);
    const rise = kit.height * (0.6 + kit.random() * 0.5);
    const way = (kit.random() - 0.5) * kit.width * 0.12;
    move(
      lamp,
      [
        { translate: "0 0", opacity: 0, easing: "ease-in" },
        { translate: `${way * 0.2}px ${-rise * 0.15}px`, opacity: 1, offset: 0.16 },
        { translate: `${way}px ${-rise}px`, opacity: 0 },
      ],
      { at: LIT + 300 + ((number * 0.618) % 1) * 2_400, ms: 4_600 },
    );
  }
}

async function play(box, gift, kit) {
  const { width: W, height: H } = kit;
  const move = mover(kit);
  const tall = H > W;
  box.classList.add("parade");
  appear(move, kit.el("parade__sky", box), { come: 800, leave: 1_100, until: LENGTH });
  const warm = kit.el("parade__sky is-warm", box);
  move(warm, [{ opacity: 0 }, { opacity: 1 }], { at: LIT, ms: 1_000, easing: "ease-in-out" });
  move.later(LENGTH - 1_400, () => move(warm, [{ opacity: 1 }, { opacity: 0 }], { ms: 1_300 }));
  const moon = {
    x: tall ? W * 0.76 : W * 0.82,
    y: tall ? H * 0.12 : H * 0.18,
    size: Math.min(W, H) * (tall ? 0.26 : 0.2),
  };
  appear(move, put(kit.el("parade__moon", box), moon.x, moon.y, moon.size, moon.size), {
    at: 200,
    come: 1_200,
    leave: 1_000,
    until: LENGTH,
  });
  const behind = kit.el("parade__layer", box);
  const low = tall ? H * 0.34 : H * 0.5;
  const town = put(
    kit.img("gifts/scenery/leviathan-parade-town.svg", "parade__strip", box),
    W / 2,
    H - low * 0.5,
    W * (tall ? 1.1 : 1.06),
    low,
  );
  move(
    town,
    [
      { translate: `${W * 0.02}px ${low * 0.3}px`, opacity: 0, easing: "ease-out" },
      { translate: `${W * 0.015}px 0`, opacity: 1, offset: 0.1, easing: "linear" },
      { translate: `${-W * 0.02}px 0`, opacity: 1, offset: 0.91 },
      { translate: `${-W * 0.02}px 0`, opacity: 0 },
    ],
    { ms: LENGTH },
  );

  const width = Math.min(W * (tall ? 1.02 : 1), H * 1.12, 1_160);
  const whale = { width, height: (width * FILM[1]) / FILM[0] };
  Object.assign(whale, {
    left: W / 2 - width * 0.49,
    top: (tall ? H * 0.4 : H * 0.4) - whale.height * 0.56,
  });
  const holder = put(
    kit.el("parade__whale", box),
    whale.left + width / 2,
    whale.top + whale.height / 2,
    width,
    whale.height,
  );
  const people = kit.supporters(PATCHES);
  const texts = Object.fromEntries(
    SPOTS.map((_, number) => [`initial-${number + 1}`, people[number]?.initial ?? " "]),
  );
  swim(kit, holder, whale);

  const rear = kit.el("parade__layer", box);
  const size = tall ? H * 0.17 : H * 0.25;
  crowd(kit, rear, "crowd", {
    top: H - size * 1.28,
    height: size * 1.1,
    hop: size * 0.03,
    every: 620,
  });
  papers(kit, rear, people, whale);
  crowd(kit, box, "crowd-near", {
    top: H - size * 0.92,
    height: size,
    hop: size * 0.035,
    every: 760,
  });
  lanterns(kit, rear);
  fall(kit, box, {
    count: kit.lean ? 8 : 15,
    className: "parade__bit",
    kinds: ["coral", "gold", "tide", "iris", "foam"],
    from: LIT,
    until: LENGTH + 600,
    size: 12 * Math.max(1, kit.scale),
  });
  await kit.lottie("gifts/lottie/leviathan-parade.json", holder, { texts });
  kit.after(9_500 * kit.pace, () => farewell(kit, box, holder, moon, behind));
  kit.sound(
    [
      ["D4", 700, 700],
      ["A4", 1_300, 700],
      ["D5", 1_900, 900],
      ...SPOTS.map((_, number) => [
        ["D5", "E5", "F#5", "A5", "B5"][number % 5],
        lands(number),
        160,
      ]),
    ],
    { voice: "pluck" },
  );
  kit.sound(
    [
      ["D3", LIT, 3_200],
      ["A3", LIT, 3_200],
      ["F#4", LIT + 150, 3_000],
      ["D5", LIT + 300, 2_800],
    ],
    { voice: "choir" },
  );
}

export default { best: 6_900, play };
