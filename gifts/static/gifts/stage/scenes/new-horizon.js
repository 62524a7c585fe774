// New Horizon: night over the harbour, the first light, the sun that comes up and wakes. Boats sail
// into the day, birds cross, and the room keeps the colours of this morning for five minutes. Sun,
// boat and birds are Lottie films, drawn by tools/gift_art/new_horizon.py; the harbour is built here,
// plane by plane.
import { appear, drift, mover, put, sparks } from "./air.js";

const LENGTH = 15_000;
const WAKES = 7_400;
const MOOD_MS = 300_000;
const ENDS = 1_300; // the last of it, in which the picture fades

const scenery = (name) => `gifts/scenery/new-horizon-${name}.svg`;

/** Night, dawn and day lie one under the other; the upper ones pale. */
function sky(kit, box) {
  const move = mover(kit);
  kit.el("horizon__sky is-day", box);
  move(kit.el("horizon__sky is-dawn", box), [{ opacity: 1 }, { opacity: 0 }], {
    at: 5_400,
    ms: 3_000,
    easing: "ease-in-out",
  });
  move(kit.el("horizon__sky is-night", box), [{ opacity: 1 }, { opacity: 0 }], {
    at: 1_200,
    ms: 4_400,
    easing: "ease-in-out",
  });
}

function moonAndStars(kit, box, { W, H, tall }) {
  const move = mover(kit);
  move(kit.el("horizon__stars", box), [{ opacity: 1 }, { opacity: 0 }], {
    at: 1_800,
    ms: 3_800,
    easing: "ease-in-out",
  });
  const size = Math.min(W, H) * (tall ? 0.2 : 0.13);
  const moon = put(kit.el("horizon__moon", box), W * (tall ? 0.24 : 0.2), H * 0.2, size, size);
  move(
    moon,
    [
      { translate: "0 0", opacity: 1 },
      { translate: `${-W * 0.03}px ${H * 0.12}px`, opacity: 1, offset: 0.5 },
      { translate: `${-W * 0.05}px ${H * 0.24}px`, opacity: 0 },
    ],
    { ms: 6_200, easing: "linear" },
  );
}

async function sunrise(kit, box, { W, tall, line, sun }) {
  const move = mover(kit);
  const depth = sun * 0.62 + sun * 0.5;
  const height = tall ? sun * 0.78 : sun * 0.56; // of its middle over the horizon, in the end
  const [x, y] = [W * 0.5, line - height];
  const glowing = sun * 3.6;
  const glow = put(kit.el("horizon__glow", box), x, line - height * 0.6, glowing, glowing);
  move(
    glow,
    [
      { scale: 0.35, opacity: 0 },
      { scale: 0.6, opacity: 0.6, offset: 0.35 },
      { scale: 1, opacity: 1, offset: 0.75 },
      { scale: 1, opacity: 1 },
    ],
    { at: 2_200, ms: 7_000, easing: "ease-in-out" },
  );
  const rays = put(kit.img(scenery("rays"), "horizon__rays", box), x, y, sun * 3.4, sun * 3.4);
  move(
    rays,
    [
      { scale: 0.4, opacity: 0, easing: "cubic-bezier(0.2, 0.9, 0.3, 1)" },
      { scale: 1, opacity: 0.9 },
    ],
    { at: WAKES, ms: 1_500 },
  );
  move(rays, [{ rotate: "-9deg" }, { rotate: "9deg" }], {
    at: WAKES,
    ms: LENGTH - WAKES,
    easing: "linear",
  });
  const disc = put(kit.el("horizon__sun", box), x, y, sun * 1.38, sun * 1.38);
  move(
    disc,
    [
      { translate: `0 ${depth + height}px`, easing: "cubic-bezier(0.3, 0.1, 0.3, 1)" },
      { translate: "0 0" },
    ],
    { at: 2_800, ms: 5_400 },
  );
  move(disc, [{ scale: 1 }, { scale: 1.07, offset: 0.35, easing: "ease-in-out" }, { scale: 1 }], {
    at: WAKES,
    ms: 1_300,
    easing: "ease-out",
  });
  await kit.lottie("gifts/lottie/new-horizon-sun.json", disc);
}

function clouds(kit, box, { W, line, tall }) {
  const move = mover(kit);
  const unit = tall ? W * 0.5 : W * 0.2;
  /** @type {[string, number, number, number][]} */
  const places = tall
    ? [
        ["a", 0.1, 0.13, 1],
        ["b", 0.92, 0.1, 1.1],
        ["a", 0.94, 0.87, 0.6],
        ["b", 0.05, 0.8, 0.5],
      ]
    : [
        ["a", 0.13, 0.3, 1],
        ["b", 0.86, 0.22, 1.2],
        ["a", 0.7, 0.5, 0.7],
        ["b", 0.3, 0.62, 0.6],
      ];
  places.forEach(([kind, x, y, size], number) => {
    const cloud = put(
      kit.img(scenery(`cloud-${kind}`), "horizon__cloud", box),
      x * W,
      y * line,
      unit * size,
      unit * size * 0.476,
    );
    const way = (number % 2 ? -1 : 1) * W * 0.05;
    drift(move, cloud, `${-way}px 0`, `${way}px 0`, LENGTH);
    move(cloud, [{ opacity: 0 }, { opacity: 0.95 }], {
      at: 3_400 + number * 300,
      ms: 3_600,
      easing: "ease-in-out",
    });
  });
}

function sea(kit, box, { W, H, line, sun }) {
  const move = mover(kit);
  const water = kit.el("horizon__sea", box);
  water.style.top = `${line}px`;
  const deep = H - line;
  const shine = put(
    kit.img(scenery("glitter"), "horizon__glitter", box),
    W / 2,
    line + deep * 0.42,
    sun * 1.9,
    deep * 0.84,
  );
  move(
    shine,
    [
      { opacity: 0, scale: "0.3 0.1" },
      { opacity: 0.9, scale: "1 1" },
    ],
    { at: 4_200, ms: 4_200, easing: "ease-out" },
  );
  move(shine, [{ translate: `${-sun * 0.03}px 0` }, { translate: `${sun * 0.03}px 0` }], {
    ms: 1_300,
    iterations: Infinity,
    direction: "alternate",
    easing: "ease-in-out",
  });
}

function wave(kit, box, name, { top, height, span, way, bob }) {
  const move = mover(kit);
  const width = Math.max(kit.width * span, kit.height * 2.2);
  const image = put(
    kit.img(scenery(`wave-${name}`), "horizon__wave", box),
    kit.width / 2,
    top + height / 2,
    width,
    height,
  );
  const reach = (width - kit.width) / 2;
  drift(move, image, `${-way * reach}px 0`, `${way * reach}px 0`, LENGTH);
  move(image, [{ transform: `translateY(${-bob}px)` }, { transform: `translateY(${bob}px)` }], {
    at: -1_900,
    ms: 1_900,
    iterations: Infinity,
    direction: "alternate",
    easing: "ease-in-out",
  });
}

/** The lighthouse on the right keeps watch until the sun is up. */
function lamp(kit, box, { W, H, line }) {
  const glow = put(kit.el("horizon__light", box), W * 0.952, line - H * 0.185, H * 0.16, H * 0.16);
  mover(kit)(
    glow,
    [0.35, 1, 0.35, 1, 0.35, 1, 0].map((opacity) => ({ opacity })),
    { ms: 7_800, easing: "ease-in-out" },
  );
}

/** Small boats far out. At night each is a light, by day a sail. */
function fleet(kit, box, lights, { W, H, line, tall }) {
  const move = mover(kit);
  const boats = [
    [0.2, 0.03, 0.075],
    [0.73, 0.015, 0.055],
    [0.9, 0.08, 0.1],
    [0.06, 0.1, 0.1],
    [0.62, 0.05, 0.06],
  ];
  boats.forEach(([x, y, share], number) => {
    const size = share * (tall ? H * 0.75 : H);
    const way = (number % 2 ? -1 : 1) * W * 0.05;
    const ways = [{ translate: `${-way}px 0` }, { translate: `${way}px ${size * 0.05}px` }];
    const boat = put(
      kit.img(scenery("sail"), "horizon__boat", box),
      x * W,
      line + y * H - size * 0.3,
      size,
      size,
    );
    move(boat, ways, { ms: LENGTH, easing: "linear" });
    const light = put(
      kit.el("horizon__light", lights),
      x * W,
      line + y * H - size * 0.3,
      size * 0.7,
      size * 0.7,
    );
    move(light, ways, { ms: LENGTH, easing: "linear" });
    move(
      light,
      [{ opacity: 0 }, { opacity: 1, offset: 0.15 }, { opacity: 1, offset: 0.6 }, { opacity: 0 }],
      { ms: 7_000 + number * 300 },
    );
  });
}

async function hero(kit, box, { W, H, line, tall }) {
  const move = mover(kit);
  const height = tall ? H * 0.3 : H * 0.46;
  const width = (height * 560) / 600;
  const boat = put(
    kit.el("horizon__hero", box),
    W * 0.5,
    line + (H - line) * (tall ? 0.37 : 0.4) - height * 0.43,
    width,
    height,
  );
  const out = W * 0.5 + width * 0.6;
  move(
    boat,
    [
      { translate: `${-out}px 0`, easing: "cubic-bezier(0.15, 0.6, 0.35, 1)" },
      { translate: `${tall ? -W * 0.2 : -W * 0.24}px 0`, offset: 0.55, easing: "linear" },
      { translate: `${tall ? -W * 0.08 : -W * 0.13}px 0` },
    ],
    { at: 2_600, ms: LENGTH - 2_600 },
  );
  move(
    boat,
    [
      { transform: `translateY(${height * 0.012}px)` },
      { transform: `translateY(${-height * 0.012}px)` },
    ],
    { at: -1_500, ms: 1_500, iterations: Infinity, direction: "alternate", easing: "ease-in-out" },
  );
  await kit.lottie("gifts/lottie/new-horizon-boat.json", boat);
}

async function birds(kit, box, { W, line, tall }) {
  const move = mover(kit);
  const width = tall ? W * 0.5 : W * 0.24;
  const flock = put(kit.el("horizon__birds", box), 0, line * 0.3, width, width * 0.555);
  move(
    flock,
    [
      { translate: `${-width}px ${line * 0.24}px` },
      { translate: `${W * 0.5}px ${line * 0.02}px`, offset: 0.5 },
      { translate: `${W + width}px ${-line * 0.3}px` },
    ],
    { at: 7_900, ms: 6_400, easing: "linear" },
  );
  await kit.lottie("gifts/lottie/new-horizon-birds.json", flock, { loop: true });
}

/** The quay in front, where a figure waits for the day. */
function quay(kit, box, { W, H, tall }) {
  const move = mover(kit);
  const width = tall ? W * 0.86 : Math.min(W * 0.44, H * 0.78);
  const height = (width * 420) / 900;
  const image = put(
    kit.img(scenery("quay"), "horizon__quay", box),
    tall ? width * 0.42 : width * 0.5,
    H - height / 2 - (tall ? H * 0.0 : 0),
    width,
    height,
  );
  move(image, [{ translate: `0 ${height * 0.12}px` }, { translate: "0 0" }], {
    ms: 4_000,
    easing: "ease-out",
  });
}

async function play(box, gift, kit) {
  const { width: W, height: H } = kit;
  const tall = H > W;
  const move = mover(kit);
  const shape = {
    W,
    H,
    tall,
    line: H * (tall ? 0.54 : 0.58),
    sun: tall ? W * 0.62 : Math.min(H * 0.46, W * 0.32),
  };
  const { line, sun } = shape;
  box.classList.add("horizon");
  const picture = kit.el("horizon__picture", box);
  appear(move, picture, { come: 900, leave: ENDS, until: LENGTH });
  sky(kit, picture);
  const behind = kit.el("horizon__picture", picture);
  clouds(kit, picture, shape);
  const over = kit.el("horizon__picture", picture);
  put(
    kit.img(scenery("land"), "horizon__land", picture),
    W / 2,
    line - (tall ? H * 0.075 : H * 0.11),
    W * (tall ? 1.9 : 1.04),
    H * (tall ? 0.16 : 0.23),
  );
  sea(kit, picture, shape);
  const boats = kit.el("horizon__picture", picture);
  wave(kit, picture, "far", {
    top: line + (H - line) * 0.24,
    height: (H - line) * 0.4,
    span: 1.3,
    way: 0.7,
    bob: 3,
  });
  const near = kit.el("horizon__picture", picture);
  wave(kit, picture, "mid", {
    top: line + (H - line) * 0.2,
    height: (H - line) * 0.82,
    span: 1.35,
    way: -0.8,
    bob: 5,
  });
  wave(kit, picture, "near", {
    top: line + (H - line) * 0.5,
    height: (H - line) * 0.6,
    span: 1.5,
    way: 0.9,
    bob: 7,
  });
  quay(kit, picture, shape);
  const veil = kit.el("horizon__veil", picture);
  move(veil, [{ opacity: 0.8 }, { opacity: 0.72, offset: 0.25 }, { opacity: 0 }], {
    at: 0,
    ms: 8_000,
    easing: "ease-in-out",
  });
  const lights = kit.el("horizon__picture", picture);
  if (!tall) lamp(kit, lights, shape);
  moonAndStars(kit, lights, shape);
  fleet(kit, boats, lights, shape);
  sparks(kit, lights, {
    count: kit.lean ? 4 : 12,
    at: WAKES + 200,
    ms: 3_200,
    x: W / 2,
    y: line + (H - line) * 0.2,
    spread: sun * 0.7,
    rise: sun * 0.4,
    size: 11 * Math.max(1, kit.scale),
  });
  move.later(kit.still ? WAKES : LENGTH - ENDS - 700, () => kit.mood("new-horizon", MOOD_MS));
  kit.sound(
    [
      ["C3", 600, 3_000],
      ["G3", 2_800, 3_000],
      ["E4", 4_600, 2_800],
      ["C4", WAKES, 4_500],
      ["G4", WAKES, 4_500],
      ["E5", WAKES + 150, 4_300],
      ["C5", WAKES + 300, 4_200],
    ],
    { voice: "choir" },
  );
  kit.sound(
    [
      ["G5", 8_600, 200],
      ["A5", 8_850, 200],
      ["C6", 9_100, 500],
      ["G5", 10_300, 200],
      ["E5", 10_550, 200],
      ["D5", 10_800, 600],
    ],
    { voice: "bell" },
  );
  await Promise.all([sunrise(kit, behind, shape), hero(kit, near, shape), birds(kit, over, shape)]);
}

export default { best: 9_600, play };
