// Great Lighthouse: night over the harbour; the beam comes round over the water, and each
// supporter's boat it passes lights its lantern and is thanked by name. At the end the lamp looks
// at the room, and all lanterns burn.
import { loaded, sky, water } from "./harbour.js";

const PIECE = "gifts/scenery/great-lighthouse-";
const TOWER = [300, 620, 150, 92]; // its size, and where the lamp is in it
// the share of the time in which the beam goes from the left shore to the right one
const SWEEP = [0.2, 0.7];
const COLOURS = ["coral", "teal", "violet"];

/** Where boats may lie, from the left to the right in the order the beam finds them: share of
 * width, of height, size. */
function moorings(W, H, count) {
  const tall = H > W;
  const all = tall
    ? {
        1: [[0.27, 0.64, 1.25]],
        2: [
          [0.24, 0.6, 1.1],
          [0.76, 0.6, 1.1],
        ],
        3: [
          [0.2, 0.585, 1],
          [0.5, 0.69, 1.2],
          [0.8, 0.585, 1],
        ],
        4: [
          [0.19, 0.575, 0.9],
          [0.32, 0.69, 1.1],
          [0.7, 0.69, 1.1],
          [0.81, 0.575, 0.9],
        ],
        5: [
          [0.18, 0.565, 0.86],
          [0.24, 0.675, 1.02],
          [0.52, 0.715, 1.16],
          [0.79, 0.665, 1.02],
          [0.82, 0.56, 0.86],
        ],
        6: [
          [0.18, 0.555, 0.82],
          [0.19, 0.655, 0.94],
          [0.38, 0.735, 1.06],
          [0.7, 0.735, 1.06],
          [0.82, 0.645, 0.94],
          [0.82, 0.55, 0.82],
        ],
      }
    : {
        1: [[0.26, 0.7, 1.25]],
        2: [
          [0.2, 0.7, 1.15],
          [0.8, 0.7, 1.15],
        ],
        3: [
          [0.15, 0.68, 1],
          [0.36, 0.725, 1.2],
          [0.82, 0.7, 1.1],
        ],
        4: [
          [0.12, 0.67, 0.95],
          [0.31, 0.725, 1.15],
          [0.69, 0.725, 1.15],
          [0.88, 0.67, 0.95],
        ],
        5: [
          [0.11, 0.66, 0.9],
          [0.25, 0.72, 1.05],
          [0.4, 0.67, 0.9],
          [0.73, 0.72, 1.1],
          [0.89, 0.67, 0.95],
        ],
        6: [
          [0.1, 0.66, 0.9],
          [0.23, 0.72, 1.05],
          [0.37, 0.67, 0.9],
          [0.64, 0.68, 0.9],
          [0.77, 0.725, 1.05],
          [0.9, 0.665, 0.9],
        ],
      };
  return all[count] ?? [];
}

/** When in the sweep the beam, turning evenly from `from` to `to` degrees, points at this place. */
function passes(lamp, x, y, from, to) {
  const angle = (Math.atan2(y - lamp.y, x - lamp.x) * 180) / Math.PI;
  return Math.min(1, Math.max(0, (angle - from) / (to - from)));
}

function boat(box, kit, person, [sx, sy, size], colour, at) {
  const { width: W, height: H, length } = kit;
  const wide = Math.min(W * (H > W ? 0.22 : 0.11), H * 0.16) * size;
  const stand = kit.el("light__boat", box);
  stand.style.width = `${wide}px`;
  stand.style.height = `${wide * 0.85}px`;
  stand.style.left = `${sx * W - wide / 2}px`;
  stand.style.top = `${sy * H - wide * 0.85}px`;
  const glow = kit.el("light__glow", stand);
  const hull = kit.img(`${PIECE}boat-${colour}.svg`, "light__hull", stand);
  const shade = kit.img(`${PIECE}shade.svg`, "light__hull", stand);
  const name = person ? kit.text(person.name, "light__name", stand) : null;
  if (name)
    name.style.fontSize = `${Math.max(13, Math.min(wide * 0.24, (wide * 2.6) / Math.max([...person.name].length, 7)))}px`;
  const heart = kit.img(`${PIECE}heart.svg`, "light__heart", stand);
  if (kit.still) {
    shade.remove();
    return hull;
  }
  const rise = { duration: 620, delay: at, easing: "cubic-bezier(0.2, 0.8, 0.3, 1)" };
  kit.animate(
    stand,
    [
      { rotate: "-2.5deg", translate: "0 0" },
      { rotate: "2.5deg", translate: "0 4px" },
    ],
    {
      duration: 1_500 + 170 * ((size * 7) % 3),
      iterations: Math.ceil(length / 1_500),
      direction: "alternate",
      easing: "ease-in-out",
    },
  );
  kit.animate(shade, [{ opacity: 0.82 }, { opacity: 0 }], rise);
  kit.animate(
    glow,
    [
      { opacity: 0, scale: 0.4 },
      { opacity: 1, scale: 1.12, offset: 0.6 },
      { opacity: 0.8, scale: 1 },
    ],
    { ...rise, duration: 900 },
  );
  if (name)
    kit.animate(
      name,
      [
        { opacity: 0, translate: "0 40%", scale: 0.8 },
        { opacity: 1, translate: "0 0", scale: 1.08, offset: 0.7 },
        { opacity: 1, translate: "0 0", scale: 1 },
      ],
      rise,
    );
  kit.animate(
    heart,
    [
      { opacity: 0, scale: 0.2, translate: "0 60%" },
      { opacity: 1, scale: 1.1, translate: "0 -30%", offset: 0.3 },
      { opacity: 1, scale: 1, translate: "0 -120%", offset: 0.75 },
      { opacity: 0, scale: 0.9, translate: "0 -190%" },
    ],
    { duration: 1_700, delay: at + 80, easing: "ease-out" },
  );
  return hull;
}

async function play(box, gift, kit) {
  box.classList.add("light");
  const { width: W, height: H, length } = kit;
  const tall = H > W;
  const horizon = H * (tall ? 0.5 : 0.56);
  const high = tall ? H * 0.4 : H * 0.54;
  // where the middle plane of the sea begins, and the nearest
  const edge = horizon + H * (tall ? 0.045 : 0.07);
  const front = H * (tall ? 0.785 : 0.81);
  const k = high / TOWER[1];
  const foot = { x: W * (tall ? 0.5 : 0.56), y: horizon + H * (tall ? 0.005 : 0.03) };
  const lamp = { x: foot.x, y: foot.y - high + TOWER[3] * k };

  sky(kit, box, "light__sky");
  const town = kit.img(`${PIECE}town.svg`, "light__town", box);
  const townHigh = H * (tall ? 0.085 : 0.13);
  const townWide = Math.max(W * 1.04, townHigh * 10);
  town.style.width = `${townWide}px`;
  town.style.top = `${horizon - townWide * 0.086}px`;
  const far = water(kit, box, "far", {
    light: "night",
    top: horizon,
    bottom: edge + H * 0.04,
    scale: H / 900,
  });
  const rock = kit.img(`${PIECE}rock.svg`, "light__piece", box);
  rock.style.width = `${440 * k * 1.05}px`;
  rock.style.left = `${foot.x - 220 * k * 1.05}px`;
  rock.style.top = `${foot.y - 108 * k}px`;
  const glow = kit.el("light__lamp", box);
  const tower = kit.img(`${PIECE}tower.svg`, "light__piece", box);
  tower.style.width = `${TOWER[0] * k}px`;
  tower.style.left = `${foot.x - TOWER[2] * k}px`;
  tower.style.top = `${foot.y - high}px`;
  const glare = Math.max(W, H) * (tall ? 0.42 : 0.36);
  glow.style.width = glow.style.height = `${glare}px`;
  glow.style.left = `${lamp.x - glare / 2}px`;
  glow.style.top = `${lamp.y - glare / 2}px`;
  const mid = water(kit, box, "mid", {
    light: "night",
    top: edge,
    bottom: front + H * 0.05,
    scale: H / 900,
    drift: 1,
  });

  const people = kit.supporters(tall ? 5 : 6);
  const spots = moorings(W, H, people.length || 3);
  // The beam starts over the left shore and goes round by the front, so over all boats.
  const [from, to] = [174, 6];
  const [begin, end] = SWEEP.map((share) => share * length);
  const hulls = spots.map((spot, turn) => {
    const at = begin + (end - begin) * passes(lamp, spot[0] * W, spot[1] * H - H * 0.02, from, to);
    return boat(box, kit, people[turn], spot, COLOURS[turn % 3], at);
  });
  const beam = kit.img(`${PIECE}beam.svg`, "light__beam", box);
  const reach = Math.hypot(W, H) * (tall ? 0.8 : 0.72);
  beam.style.width = `${reach}px`;
  beam.style.height = `${reach * 0.4}px`;
  beam.style.left = `${lamp.x}px`;
  beam.style.top = `${lamp.y - reach * 0.2}px`;
  const near = water(kit, box, "near", {
    light: "night",
    top: front,
    scale: H / 800,
    drift: -0.5,
    bob: H * 0.006,
  });
  const flare = kit.el("light__flare", box);
  flare.style.width = flare.style.height = `${glare * 1.5}px`;
  flare.style.left = `${lamp.x - glare * 0.75}px`;
  flare.style.top = `${lamp.y - glare * 0.75}px`;
  await loaded(town, far, rock, tower, mid, beam, near, ...hulls);
  if (kit.still) {
    beam.style.rotate = "128deg";
    flare.style.opacity = 0.5;
    return;
  }

  const moment = (ms) => ms / length;
  kit.animate(
    tower,
    [
      { translate: `0 ${high * 0.12}px`, opacity: 0 },
      { translate: "0 0", opacity: 1 },
    ],
    { duration: 700, easing: "cubic-bezier(0.2, 0.8, 0.3, 1)" },
  );
  kit.animate(
    glow,
    [
      { opacity: 0 },
      { opacity: 0, offset: 0.07 },
      { opacity: 1, offset: 0.19, easing: "ease-in-out" },
      { opacity: 0.9, offset: 0.9 },
      { opacity: 0.5 },
    ],
    { duration: length },
  );
  // The beam grows out of the lamp, comes round, and at the end turns to the room: it shortens into
  // the flare.
  kit.animate(
    beam,
    [
      { rotate: `${from}deg`, scale: "0.05 0.3", opacity: 0 },
      { rotate: `${from}deg`, scale: "0.05 0.3", opacity: 0, offset: 0.1, easing: "ease-out" },
      { rotate: `${from}deg`, scale: "1 1", opacity: 1, offset: moment(begin) },
      { rotate: `${to}deg`, scale: "1 1", opacity: 1, offset: moment(end), easing: "ease-in" },
      { rotate: `${to - 8}deg`, scale: "0.12 0.6", opacity: 0, offset: moment(end) + 0.08 },
      { rotate: `${to - 8}deg`, scale: "0.12 0.6", opacity: 0 },
    ],
    { duration: length },
  );
  kit.animate(
    flare,
    [
      { opacity: 0, scale: 0.35 },
      { opacity: 0, scale: 0.35, offset: moment(end) - 0.01, easing: "ease-out" },
      { opacity: 1, scale: 1, offset: moment(end) + 0.12, easing: "ease-in-out" },
      { opacity: 0.85, scale: 1.06, offset: 0.93 },
      { opacity: 0, scale: 0.7 },
    ],
    { duration: length },
  );
  kit.sound(
    [
      ["D3", 700, 1_400],
      ["A3", 1_500, 1_200],
      ["F4", 2_700, 1_200],
      ["A4", 4_000, 1_200],
      ["D4", 5_600, 2_000],
      ["A4", 5_600, 2_000],
      ["F#4", 5_600, 2_000],
    ],
    { voice: "choir" },
  );
}

export default { best: 6_500, play };
