// Rowing Dragons: under a full moon a dragon boat rows past. Its rowers are the last supporters,
// each with a pennant and a shield with the initial; the gifts' animals take the places that are
// left, a crab beats the time. A jade boat rows far off.
import { loaded, sky, water } from "./harbour.js";

const PIECE = "gifts/scenery/rowing-dragons-";
const BOAT = [900, 440];
const SEATS = 5;
const BEAT = 1_000; // one stroke of the oars
const SKIN = ["#f7b98a", "#a8623f", "#ffd3a8", "#d98f5f", "#7c4a34"];
const CREW = ["moss-frog", "brass-snail", "tiny-kettle", "drift-lamp", "good-bean"];

const seatAt = (seat, u) => (262 + seat * 102) * u;
// Each seat has a colour of its own: light, full, deep.
const COLOURS = [
  ["#ffc1b0", "#ff6b5e", "#b0304f"],
  ["#fff0b8", "#ffb648", "#c8642f"],
  ["#c4fff2", "#3fc4ba", "#1a7f86"],
  ["#e2dbff", "#9d8cff", "#5a48c8"],
  ["#ffd9ea", "#f4709c", "#a8386f"],
];

/** Movement that comes back with every stroke. */
function beat(kit, element, keyframes, more = {}) {
  const ms = BEAT * (kit.length / 8_000);
  return kit.animate(element, keyframes, {
    duration: ms,
    iterations: Math.ceil(kit.length / ms),
    easing: "ease-in-out",
    ...more,
  });
}

async function rower(kit, boat, person, seat, u) {
  const x = seatAt(seat, u);
  const sits = kit.el("dragons__rower", boat);
  sits.style.width = `${104 * u}px`;
  sits.style.height = `${134 * u}px`;
  sits.style.left = `${x - 52 * u}px`;
  sits.style.top = `${190 * u}px`;
  if (person) {
    const svg = await kit.svg(`${PIECE}rower.svg`, sits);
    kit.part(svg, "skin").setAttribute("fill", SKIN[seat % SKIN.length]);
    for (const name of ["band", "knot", "sash"])
      kit.part(svg, name).setAttribute("fill", COLOURS[seat][1]);
  } else kit.img(`gifts/art/${CREW[seat % CREW.length]}.svg`, "dragons__animal", sits);
  if (!kit.still)
    beat(kit, sits, [
      { rotate: "-13deg", translate: "0 3%" },
      { rotate: "11deg", translate: "0 0", offset: 0.5 },
      { rotate: "-13deg", translate: "0 3%" },
    ]);
  return x;
}

// Two heights, so that neighbours have room.
const highOf = (seat) => (seat % 2 ? 92 : 140);

function pole(kit, boat, seat, x, u) {
  const stick = kit.el("dragons__pole", boat);
  stick.style.left = `${x - 2}px`;
  stick.style.top = `${(190 - highOf(seat) + 20) * u}px`;
  stick.style.height = `${(highOf(seat) + 60) * u}px`;
  if (!kit.still)
    kit.animate(stick, [{ scale: "1 0" }, { scale: "1 1" }], {
      duration: 360,
      delay: kit.length * (0.19 + 0.035 * seat),
      easing: "ease-out",
    });
}

function pennant(kit, boat, person, seat, x, u) {
  const flag = kit.el("dragons__pennant", boat);
  flag.style.left = `${x - 106 * u}px`;
  flag.style.width = `${212 * u}px`;
  flag.style.top = `${(190 - highOf(seat)) * u}px`;
  flag.style.height = `${40 * u}px`;
  const name = kit.text(person.name, "dragons__name", flag);
  const letters = Math.max([...person.name].length, 5);
  name.style.fontSize = `${Math.max(11, Math.min(30 * u, (258 * u) / letters))}px`;
  name.style.borderColor = COLOURS[seat][1];
  if (!kit.still)
    kit.animate(
      flag,
      [
        { opacity: 0, scale: 0.4 },
        { opacity: 1, scale: 1.08, offset: 0.7 },
        { opacity: 1, scale: 1 },
      ],
      { duration: 520, delay: kit.length * (0.21 + 0.035 * seat), easing: "ease-out" },
    );
}

function shield(kit, boat, person, seat, x, u) {
  const disc = kit.text(person.initial, "dragons__shield", boat);
  const size = 74 * u;
  disc.style.width = disc.style.height = `${size}px`;
  disc.style.left = `${x - size / 2 + 8 * u}px`;
  disc.style.top = `${322 * u}px`;
  disc.style.fontSize = `${size * 0.5}px`;
  disc.style.borderWidth = `${size * 0.1}px`;
  disc.style.background = `radial-gradient(circle at 35% 30%, ${COLOURS[seat][0]}, ${COLOURS[seat][1]} 55%, ${COLOURS[seat][2]})`;
}

function oar(kit, boat, x, u) {
  const blade = kit.img(`${PIECE}oar.svg`, "dragons__oar", boat);
  blade.style.width = `${60 * u}px`;
  blade.style.left = `${x + 20 * u}px`;
  blade.style.top = `${288 * u}px`;
  const foam = kit.img(`${PIECE}splash.svg`, "dragons__splash", boat);
  foam.style.width = `${92 * u}px`;
  foam.style.left = `${x + 16 * u}px`;
  foam.style.top = `${404 * u}px`;
  if (kit.still) {
    blade.style.rotate = "-18deg";
    return;
  }
  // Dip before, draw back through the water, lift, swing forward over it.
  beat(kit, blade, [
    { rotate: "38deg", translate: "0 0" },
    { rotate: "-34deg", translate: "0 0", offset: 0.5 },
    { rotate: "-30deg", translate: "0 -16%", offset: 0.6 },
    { rotate: "36deg", translate: "0 -16%", offset: 0.92 },
    { rotate: "38deg", translate: "0 0" },
  ]);
  beat(kit, foam, [
    { opacity: 0, scale: 0.5, translate: "-60% 0" },
    { opacity: 1, scale: 1, translate: "-30% 0", offset: 0.16 },
    { opacity: 0.9, scale: 1.1, translate: "60% 0", offset: 0.5 },
    { opacity: 0, scale: 0.9, translate: "90% 10%", offset: 0.68 },
    { opacity: 0, scale: 0.5, translate: "-60% 0" },
  ]);
}

/** The boat and all who are in it; its own place is the upper left corner of the drawing. */
async function crew(kit, box, u) {
  const way = kit.el("dragons__way", box);
  const boat = kit.el("dragons__boat", way);
  boat.style.width = `${BOAT[0] * u}px`;
  boat.style.height = `${BOAT[1] * u}px`;
  const people = kit.supporters(SEATS);
  const drummer = kit.img("gifts/art/clap-crab.svg", "dragons__drummer", boat);
  drummer.style.width = `${84 * u}px`;
  drummer.style.left = `${796 * u - 84 * u}px`;
  drummer.style.top = `${226 * u}px`;
  for (const seat of people.keys()) pole(kit, boat, seat, seatAt(seat, u) + (seat ? 0 : 16 * u), u);
  const seats = await Promise.all(
    [...Array(SEATS).keys()].map((seat) => rower(kit, boat, people[seat], seat, u)),
  );
  const hull = kit.img(`${PIECE}boat.svg`, "dragons__hull", boat);
  for (const x of seats) oar(kit, boat, x, u);
  for (const [seat, person] of people.entries()) shield(kit, boat, person, seat, seats[seat], u);
  for (const [seat, person] of people.entries())
    pennant(kit, boat, person, seat, seats[seat] + (seat ? 0 : 16 * u), u);
  const bow = kit.img(`${PIECE}bow.svg`, "dragons__bow", boat);
  bow.style.width = `${300 * u}px`;
  bow.style.left = `${96 * u}px`;
  bow.style.top = `${368 * u}px`;
  if (!kit.still) {
    beat(kit, boat, [
      { translate: `${9 * u}px 0`, rotate: "0.9deg" },
      { translate: `${-9 * u}px ${-5 * u}px`, rotate: "-0.9deg", offset: 0.45 },
      { translate: `${9 * u}px 0`, rotate: "0.9deg" },
    ]);
    beat(
      kit,
      drummer,
      [
        { translate: "0 0", scale: "1.06 0.94" },
        { translate: "0 -14%", scale: "0.96 1.06", offset: 0.5 },
        { translate: "0 0", scale: "1.06 0.94" },
      ],
      { duration: (BEAT / 2) * (kit.length / 8_000), iterations: 16 },
    );
    beat(kit, bow, [
      { scale: "0.94 0.9" },
      { scale: "1.06 1.12", offset: 0.4 },
      { scale: "0.94 0.9" },
    ]);
  }
  return { way, images: [hull, bow] };
}

function lanterns(kit, box, top, bottom) {
  for (let turn = 0; turn < (kit.lean ? 3 : 6); turn += 1) {
    const light = kit.img(`${PIECE}lantern.svg`, "dragons__lantern", box);
    const share = (turn + 0.5) / 6;
    const y = top + (bottom - top) * ((turn * 0.618) % 1);
    light.style.width = `${kit.height * (0.05 + 0.03 * ((turn * 0.618) % 1))}px`;
    light.style.left = `${share * 100 - 4}%`;
    light.style.top = `${y}px`;
    if (!kit.still)
      kit.animate(
        light,
        [
          { translate: "0 0", rotate: "-3deg" },
          { translate: "14px 5px", rotate: "3deg" },
        ],
        {
          duration: 1_900 + 130 * turn,
          iterations: 5,
          direction: "alternate",
          easing: "ease-in-out",
        },
      );
  }
}

async function play(box, gift, kit) {
  box.classList.add("dragons");
  const { width: W, height: H, length } = kit;
  const tall = H > W;
  const horizon = H * (tall ? 0.4 : 0.43);
  // On a tall page the boat is longer than the page is wide and rows through it; a still shows all
  // of it.
  const wide = tall
    ? Math.min(W * (kit.still ? 0.97 : 1.72), H * 0.9)
    : Math.min(W * 0.7, H * 1.14);
  const u = wide / BOAT[0];
  const keel = H * (tall ? 0.66 : 0.65); // where the boat lies in the water

  sky(kit, box, "dragons__sky");
  const disc = Math.min(W, H) * (tall ? 0.78 : 0.56);
  const heart = { x: W * (tall ? 0.64 : 0.7), y: H * (tall ? 0.19 : 0.23) };
  const moon = kit.img(`${PIECE}moon.svg`, "dragons__piece", box);
  moon.style.width = `${disc}px`;
  moon.style.left = `${heart.x - disc / 2}px`;
  moon.style.top = `${heart.y - disc / 2}px`;
  const hills = kit.img(`${PIECE}hills.svg`, "dragons__piece", box);
  const ridge = H * (tall ? 0.1 : 0.17);
  hills.style.width = `${Math.max(W * 1.12, ridge * 7)}px`;
  hills.style.height = `${ridge}px`;
  hills.style.left = "-6%";
  hills.style.top = `${horizon - ridge * 0.82}px`;
  const far = water(kit, box, "far", {
    light: "night",
    top: horizon,
    bottom: horizon + H * 0.11,
    scale: H / 900,
  });
  const jade = kit.img(`${PIECE}far.svg`, "dragons__piece", box);
  const small = wide * (tall ? 0.2 : 0.17);
  jade.style.width = `${small}px`;
  jade.style.left = `${tall ? W * 0.06 : W * 0.12}px`;
  jade.style.top = `${horizon + H * 0.045 - small * 0.42}px`;
  const mid = water(kit, box, "mid", {
    light: "night",
    top: horizon + H * 0.075,
    bottom: keel + H * 0.05,
    scale: H / 950,
    drift: 1.5,
  });
  const shine = kit.img(`${PIECE}moonlight.svg`, "dragons__piece", box);
  const bright = disc * 0.9;
  shine.style.width = `${bright}px`;
  shine.style.left = `${heart.x - bright / 2}px`;
  shine.style.top = `${horizon + H * 0.012}px`;
  lanterns(kit, box, horizon + H * 0.1, keel - H * 0.1);
  const { way, images } = await crew(kit, box, u);
  const near = water(kit, box, "near", {
    light: "night",
    top: keel,
    scale: H / 780,
    drift: 2,
    bob: H * 0.006,
  });
  await loaded(moon, hills, far, jade, mid, near, shine, ...images);

  const top = keel - 430 * u;
  const at = (x) => `${x}px ${top}px`;
  const [first, last] =
    wide > W * 0.94
      ? [W * 0.04, W * 0.96 - wide]
      : [(W - wide) / 2 + W * 0.07, (W - wide) / 2 - W * 0.07];
  if (kit.still) {
    way.style.translate = at((W - wide) / 2);
    return;
  }
  kit.animate(
    way,
    [
      { translate: at(W * 1.05), easing: "cubic-bezier(0.2, 0.65, 0.5, 1)" },
      { translate: at(first), offset: 0.26, easing: "linear" },
      { translate: at(last), offset: 0.76, easing: "cubic-bezier(0.5, 0, 0.8, 0.5)" },
      { translate: at(-wide * 1.1) },
    ],
    { duration: length },
  );
  kit.animate(
    jade,
    [
      { translate: `${W * 0.16}px 0`, rotate: "1deg" },
      { rotate: "-1.4deg", offset: 0.25 },
      { rotate: "1.2deg", offset: 0.5 },
      { rotate: "-1.4deg", offset: 0.75 },
      { translate: `${-W * 0.02}px 0`, rotate: "1deg" },
    ],
    { duration: length },
  );
  kit.animate(shine, [{ translate: "-7px 0" }, { translate: "7px 0" }], {
    duration: 1_300,
    iterations: 8,
    direction: "alternate",
    easing: "ease-in-out",
  });
  const drum = [...Array(8).keys()].flatMap((stroke) => [
    ["D2", 200 + stroke * BEAT, 160],
    ["A2", 200 + stroke * BEAT + BEAT / 2, 120],
  ]);
  kit.sound(
    [
      ...drum,
      ["D4", 2_000, 500],
      ["F#4", 2_500, 500],
      ["A4", 3_000, 900],
      ["B4", 4_000, 500],
      ["A4", 4_500, 500],
      ["F#4", 5_000, 1_200],
    ],
    { voice: "pluck" },
  );
}

export default { best: 4_100, play };
