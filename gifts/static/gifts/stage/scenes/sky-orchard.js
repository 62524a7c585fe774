// Sky Orchard: islands rise out of a sea of clouds, their trees grow, blossom and bear fruit that
// lights up all at once.
// Three of the islands stay in the room. The trees are Lottie films, drawn by
// tools/gift_art/sky_orchard.py.
import { appear, drift, fall, hang, mover, put, sparks } from "./air.js";

const LENGTH = 10_000;
const LIT = 6_100;
const LEAVES = 8_700;
const STAYS_MS = 60_000;
const SHAPE = 600 / 780; // of a film

/**
 * Where an island hangs: film, middle x, middle y, height in shares of the window, and when it
 * comes.
 * @typedef {[string, number, number, number, number]} Island
 */

/** @type {[Island, Island, Island]} the nearest last */
const WIDE = [
  ["jade", 0.805, 0.37, 0.54, 1_000],
  ["rose", 0.19, 0.45, 0.62, 600],
  ["great", 0.5, 0.42, 0.84, 150],
];
/** @type {[Island, Island, Island]} */
const TALL = [
  ["jade", 0.84, 0.2, 0.25, 1_000],
  ["rose", 0.14, 0.56, 0.27, 600],
  ["great", 0.5, 0.39, 0.53, 150],
];
const FAR = [
  [0.33, 0.24, 0.16],
  [0.67, 0.17, 0.12],
  [0.94, 0.68, 0.17],
  [0.05, 0.2, 0.13],
];

function clouds(kit, box, name, { top, height, span, drift: way, rise, from, until }) {
  const move = mover(kit);
  const image = kit.img(`gifts/scenery/${name}.svg`, "orchard__clouds", box);
  const width = kit.width * span;
  put(image, kit.width / 2, top + height / 2, width, height);
  const reach = (width - kit.width) / 2;
  drift(move, image, `${-way * reach}px 0`, `${way * reach}px 0`, LENGTH);
  move(
    image,
    [
      { transform: `translateY(${rise}px)`, opacity: 0, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" },
      { transform: "translateY(0)", opacity: 1, offset: 0.2 },
      { transform: "translateY(0)", opacity: 1, offset: 0.84, easing: "ease-in" },
      { transform: `translateY(${rise}px)`, opacity: 0 },
    ],
    { at: from, ms: until - from },
  );
}

function far(kit, box) {
  const move = mover(kit);
  FAR.forEach(([x, y, share], number) => {
    const size = share * kit.height * (kit.height > kit.width ? 0.6 : 1);
    const island = put(
      kit.img("gifts/scenery/sky-orchard-far.svg", "orchard__far", box),
      x * kit.width,
      y * kit.height,
      size,
      size,
    );
    move(
      island,
      [
        {
          translate: `0 ${kit.height * 0.5}px`,
          opacity: 0,
          easing: "cubic-bezier(0.15, 0.7, 0.2, 1)",
        },
        { translate: "0 0", opacity: 0.9, offset: 0.5, easing: "ease-in-out" },
        { translate: `0 ${-size * 0.12}px`, opacity: 0.9, offset: 0.88 },
        { translate: `0 ${-size * 0.5}px`, opacity: 0 },
      ],
      { at: 300 + number * 260, ms: LENGTH - 700 - number * 260 },
    );
  });
}

async function island(kit, box, [name, x, y, share, at], order) {
  const move = mover(kit);
  const height = Math.min(share * kit.height, kit.width * 1.25);
  const holder = put(
    kit.el("orchard__island", box),
    x * kit.width,
    y * kit.height,
    height * SHAPE,
    height,
  );
  const swing = kit.el("orchard__layer", holder);
  move(
    holder,
    [
      { translate: `0 ${kit.height * 0.95}px`, easing: "cubic-bezier(0.14, 0.78, 0.2, 1)" },
      { translate: "0 0", offset: 0.36, easing: "linear" },
      { translate: "0 0", offset: 0.86, easing: "cubic-bezier(0.5, 0, 0.9, 0.6)" },
      { translate: `0 ${-kit.height * 0.35}px` },
    ],
    { at, ms: LENGTH - at },
  );
  move(holder, [{ opacity: 1 }, { opacity: 0 }], { at: 8_900, ms: 900, easing: "ease-in" });
  hang(move, swing, height * 0.012, 1_900 + order * 350, order * 500);
  const film = await kit.lottie(`gifts/lottie/sky-orchard-${name}.json`, swing);
  return { swing, film };
}

/** A string of lights from the great island to another one: it draws itself, then its bulbs go on
 * one by one. */
function garland(kit, svg, from, to, at) {
  const move = mover(kit);
  const [sag, bulbs] = [Math.abs(to[0] - from[0]) * 0.22, kit.lean ? 4 : 7];
  const middle = [(from[0] + to[0]) / 2, Math.max(from[1], to[1]) + sag];
  const add = (tag, attributes, className) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.setAttribute("class", className);
    svg.append(element);
    return element;
  };
  const cord = add("path", { d: `M${from}Q${middle} ${to}`, pathLength: 1 }, "orchard__cord");
  move(cord, [{ strokeDashoffset: 1 }, { strokeDashoffset: 0 }], {
    at,
    ms: 900,
    easing: "ease-in-out",
  });
  for (let number = 1; number <= bulbs; number += 1) {
    const t = number / (bulbs + 1);
    const [x, y] = [0, 1].map(
      (axis) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * middle[axis] + t * t * to[axis],
    );
    const size = 5 * Math.max(1, kit.scale);
    const light = add(
      "circle",
      { cx: x, cy: y + size, r: size * 3, fill: "url(#orchard-light)" },
      "orchard__bulb",
    );
    const bulb = add("circle", { cx: x, cy: y + size, r: size }, "orchard__bulb is-glass");
    move(bulb, [{ scale: 0 }, { scale: 1 }], {
      at: at + 300 + t * 600,
      ms: 400,
      easing: "cubic-bezier(0.3, 1.7, 0.5, 1)",
    });
    move(
      light,
      [
        { opacity: 0, scale: 0.3 },
        { opacity: 1, scale: 1 },
      ],
      { at: LIT + 250 + t * 900, ms: 600, easing: "ease-out" },
    );
  }
}

function garlands(kit, box, [jade, rose, great]) {
  const move = mover(kit);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "orchard__layer");
  svg.setAttribute("viewBox", `0 0 ${kit.width} ${kit.height}`);
  svg.innerHTML =
    '<defs><radialGradient id="orchard-light"><stop stop-color="#fff0b0" stop-opacity=".95"/><stop offset=".35" stop-color="#ffc95a" stop-opacity=".5"/><stop offset="1" stop-color="#ffb648" stop-opacity="0"/></radialGradient></defs>';
  box.append(svg);
  const crown = ([, x, y, share], side, up) => {
    const height = Math.min(share * kit.height, kit.width * 1.25);
    return [x * kit.width + side * height * SHAPE * 0.3, y * kit.height - height * up];
  };
  garland(kit, svg, crown(great, -1, 0.16), crown(rose, 1, 0.14), 4_300);
  garland(kit, svg, crown(great, 1, 0.16), crown(jade, -1, 0.14), 4_700);
  move(svg, [{ opacity: 1 }, { opacity: 0 }], { at: 8_500, ms: 500 });
}

/** The islands once more, small and ripe, at the edges of the room. */
function leave(kit, box, trees) {
  const tall = kit.height > kit.width;
  const places = tall
    ? [
        [0.87, 0.3, 0.14],
        [0.12, 0.4, 0.15],
        [0.88, 0.47, 0.19],
      ]
    : [
        [0.93, 0.3, 0.24],
        [0.07, 0.34, 0.26],
        [0.075, 0.72, 0.38],
      ];
  trees.forEach(({ swing: tree, film }, order) => {
    if (kit.still) film.seek(LEAVES);
    const drawn = tree.querySelector("svg");
    if (!drawn) return;
    const [x, y, share] = places[order];
    const height = share * kit.height;
    const decor = put(
      kit.el("orchard__decor", box),
      x * kit.width,
      y * kit.height,
      height * SHAPE,
      height,
    );
    const swing = kit.el("orchard__swing", decor);
    swing.append(drawn.cloneNode(true));
    if (!kit.still)
      kit.animate(
        decor,
        [
          { opacity: 0, translate: "0 40%" },
          { opacity: 1, translate: "0 0" },
        ],
        { duration: 1_200, delay: order * 150, easing: "cubic-bezier(0.2, 0.8, 0.2, 1)" },
      );
    kit.stay(decor, STAYS_MS, "decor");
  });
}

async function play(box, gift, kit) {
  const { width: W, height: H } = kit;
  const move = mover(kit);
  const tall = H > W;
  box.classList.add("orchard");
  const sky = kit.el("orchard__sky", box);
  appear(move, sky, { come: 800, leave: 1_300, until: LENGTH });
  const gold = kit.el("orchard__sky is-gold", box);
  move(gold, [{ opacity: 0 }, { opacity: 1 }], { at: LIT - 100, ms: 900, easing: "ease-in-out" });
  move.later(LENGTH - 1_500, () =>
    move(gold, [{ opacity: 1 }, { opacity: 0 }], { ms: 1_500, easing: "ease-in" }),
  );
  const glow = put(kit.el("orchard__glow", box), W / 2, H * 0.3, H * 0.95, H * 0.95);
  move(
    glow,
    [
      { opacity: 0, scale: 0.4, easing: "ease-out" },
      { opacity: 1, scale: 1, offset: 0.3, easing: "ease-in-out" },
      { opacity: 0.8, scale: 0.92, offset: 0.7 },
      { opacity: 0, scale: 0.7 },
    ],
    { at: LIT, ms: LENGTH - LIT - 300 },
  );

  far(kit, box);
  const high = tall ? H * 0.17 : H * 0.3;
  clouds(kit, box, "sky-orchard-clouds-far", {
    top: tall ? H * 0.67 : H * 0.6,
    height: high * 1.2,
    span: tall ? 3.4 : 1.5,
    drift: 0.4,
    rise: high * 0.8,
    from: 0,
    until: LENGTH,
  });
  const all = tall ? TALL : WIDE;
  const behind = kit.el("orchard__layer", box);
  const middle = kit.el("orchard__layer", box);
  clouds(kit, box, "sky-orchard-clouds", {
    top: tall ? H * 0.71 : H * 0.66,
    height: high * 1.35,
    span: tall ? 3.8 : 1.6,
    drift: -0.6,
    rise: high,
    from: 150,
    until: LENGTH - 200,
  });
  const front = kit.el("orchard__layer", box);
  clouds(kit, box, "sky-orchard-clouds-near", {
    top: tall ? H * 0.79 : H * 0.77,
    height: high * 1.35,
    span: tall ? 4.4 : 1.8,
    drift: 0.85,
    rise: high,
    from: 300,
    until: LENGTH - 300,
  });
  garlands(kit, behind, all);
  fall(kit, front, {
    count: kit.lean ? 8 : 22,
    className: "orchard__petal",
    kinds: ["rose", "white", "gold"],
    from: 3_200,
    until: LENGTH,
    size: 15 * Math.max(1, kit.scale),
  });
  const [, x, y] = all[2];
  sparks(kit, front, {
    count: kit.lean ? 5 : 14,
    at: LIT,
    x: x * W,
    y: y * H,
    spread: Math.min(W * 0.42, H * 0.3),
    rise: H * 0.3,
    size: 12 * Math.max(1, kit.scale),
  });
  const trees = Promise.all(
    all.map((one, order) => island(kit, [behind, behind, middle][order], one, order)),
  );
  move.later(kit.still ? LIT : LEAVES, async () => leave(kit, box, await trees));
  kit.sound(
    [
      ["C4", 200, 900],
      ["G4", 700, 900],
      ["C5", 1_300, 1_200],
      ["E4", 3_200, 500],
      ["G4", 3_600, 500],
      ["B4", 4_000, 500],
      ["C5", LIT, 1_800],
      ["E5", LIT + 140, 1_800],
      ["G5", LIT + 280, 1_800],
      ["C6", LIT + 420, 2_200],
    ],
    { voice: "bell" },
  );
  await trees;
}

export default { best: 7_200, play };
