// Storm Choir: three clouds come in over the evening sea, each sings its note, then all the chord.
// Their light grows and fades slowly inside them and lies on the water; nothing flickers.
import { loaded, sky, water } from "./harbour.js";

const WHOLE = 6_000; // the length that the voices are drawn for
const SHAPE = 140 / 180;
const CHORD = [3_000, 4_850];
// Voice: film, light, when it sings alone, from where it comes.
const VOICES = [
  {
    name: "alto",
    film: "storm-choir-alto",
    light: "rgb(174 251 232",
    solo: [1_600, 2_200],
    from: -1,
  },
  {
    name: "soprano",
    film: "storm-choir-soprano",
    light: "rgb(255 208 236",
    solo: [2_200, 2_850],
    from: 1,
  },
  { name: "bass", film: "storm-choir", light: "rgb(255 217 138", solo: [950, 1_600], from: 0 },
];

/** Where the singers stand: middle of each and its width. */
function places(W, H) {
  if (H > W * 1.05) {
    const w = Math.min(W * 0.78, H * 0.4);
    return {
      alto: [W * 0.28, H * 0.21, w * 0.8],
      soprano: [W * 0.72, H * 0.34, w * 0.76],
      bass: [W * 0.5, H * 0.53, w * 1.2],
    };
  }
  const w = Math.min(W * 0.5, H * 0.9);
  return {
    alto: [W * 0.5 - w * 0.72, H * 0.27, w * 0.78],
    soprano: [W * 0.5 + w * 0.72, H * 0.25, w * 0.74],
    bass: [W * 0.5, H * 0.45, w * 1.12],
  };
}

function halo(box, kit, voice, x, y, wide, at) {
  const light = kit.el("choir__halo", box);
  light.style.width = light.style.height = `${wide * 1.5}px`;
  light.style.left = `${x - wide * 0.75}px`;
  light.style.top = `${y - wide * 0.75}px`;
  light.style.background = `radial-gradient(closest-side, ${voice.light} / 0.62), ${voice.light} / 0.2) 48%, transparent)`;
  if (kit.still) return;
  const [a, b] = voice.solo;
  const moment = (ms) => ms / WHOLE;
  kit.animate(
    light,
    [
      { opacity: 0 },
      { opacity: 0, offset: moment(a - 50) },
      { opacity: 0.6, offset: moment(a + 500), easing: "ease-in-out" },
      { opacity: 0.1, offset: moment(Math.min(b + 550, CHORD[0] - 80)), easing: "ease-in-out" },
      { opacity: 1, offset: moment(CHORD[0] + 700), easing: "ease-in-out" },
      { opacity: 1, offset: moment(CHORD[1] - 300), easing: "ease-in-out" },
      { opacity: 0, offset: moment(CHORD[1] + 650), easing: "ease-in-out" },
      { opacity: 0 },
    ],
    { duration: at.length },
  );
}

async function singer(box, kit, voice, [x, y, wide], pace) {
  const stand = kit.el("choir__singer", box);
  stand.style.width = `${wide}px`;
  stand.style.height = `${wide * SHAPE}px`;
  stand.style.left = `${x - wide / 2}px`;
  stand.style.top = `${y - (wide * SHAPE) / 2}px`;
  if (!kit.still) {
    const away = voice.from ? `${voice.from * (kit.width / 2 + wide)}px 0` : `0 ${-y - wide}px`;
    const hover = wide * 0.03;
    kit.animate(
      stand,
      [
        { translate: away, easing: "cubic-bezier(0.2, 0.8, 0.3, 1)" },
        { translate: "0 0", offset: 0.15, easing: "ease-in-out" },
        { translate: `0 ${-hover}px`, offset: 0.33, easing: "ease-in-out" },
        { translate: `0 ${hover}px`, offset: 0.5, easing: "ease-in-out" },
        { translate: `0 ${-hover}px`, offset: 0.72, easing: "ease-in-out" },
        { translate: "0 0", offset: 0.86, easing: "ease-in-out" },
        { translate: "0 0", offset: 0.93, easing: "ease-in" },
        { translate: `${voice.from * kit.width * 0.08}px ${-kit.height * 0.12}px` },
      ],
      { duration: pace.length },
    );
  }
  await kit.lottie(`gifts/lottie/${voice.film}.json`, stand);
}

/** Notes rise from a mouth and sway away; three for the solo, the rest with the chord. */
function notes(box, kit, voice, [x, y, wide], pace) {
  const count = kit.lean ? 3 : 7;
  for (let turn = 0; turn < count; turn += 1) {
    const note = kit.img("gifts/scenery/storm-choir-note.svg", "choir__note", box);
    const size = wide * (0.09 + 0.05 * kit.random());
    note.style.width = `${size}px`;
    const side = voice.from || (turn % 2 ? 1 : -1);
    const begin = turn < 3 ? voice.solo[0] + 120 + turn * 170 : CHORD[0] + 150 + (turn - 3) * 330;
    const reach = wide * (0.45 + 0.5 * kit.random());
    const place = (share, sway) =>
      `${x - size / 2 + -side * reach * share * (voice.from ? 0.75 : 1) + sway * wide * 0.06}px ${y + wide * 0.02 - wide * (0.12 + 0.5 * share)}px`;
    if (kit.still) {
      note.style.translate = place(0.35 + 0.13 * turn, turn % 2 ? 1 : -1);
      continue;
    }
    kit.animate(
      note,
      [
        { translate: place(0, 0), scale: 0.2, opacity: 0, rotate: "0deg" },
        {
          translate: place(0.3, -1),
          scale: 1,
          opacity: 1,
          rotate: "-12deg",
          offset: 0.28,
          easing: "ease-in-out",
        },
        {
          translate: place(0.6, 1),
          scale: 1.05,
          opacity: 1,
          rotate: "10deg",
          offset: 0.62,
          easing: "ease-in-out",
        },
        { translate: place(1, -1), scale: 0.9, opacity: 0, rotate: "-10deg" },
      ],
      { duration: 1_700 * pace.share, delay: begin * pace.share, easing: "ease-out" },
    );
  }
}

async function play(box, gift, kit) {
  box.classList.add("choir");
  const { width: W, height: H, length } = kit;
  const pace = { length, share: length / WHOLE };
  const horizon = H * (H > W ? 0.7 : 0.72);
  sky(kit, box, "choir__sky");
  const far = kit.img("gifts/scenery/storm-choir-bank-far.svg", "choir__bank", box);
  const near = kit.img("gifts/scenery/storm-choir-bank-near.svg", "choir__bank", box);
  const wind = kit.img("gifts/scenery/storm-choir-staves.svg", "choir__wind", box);
  const bankHigh = Math.max(W, H) * 0.11;
  for (const [bank, lift, wide] of [
    [far, 0.98, 1.3],
    [near, 0.62, 1.3],
  ]) {
    bank.style.width = `${Math.max(W * wide, bankHigh * 8)}px`;
    bank.style.height = `${bankHigh}px`;
    bank.style.left = `${-W * 0.08}px`;
    bank.style.top = `${horizon - bankHigh * lift}px`;
  }
  const tall = H > W;
  wind.style.top = `${H * (tall ? 0.26 : 0.2)}px`;
  wind.style.height = `${H * (tall ? 0.26 : 0.36)}px`;
  const where = places(W, H);
  for (const voice of VOICES)
    halo(box, kit, voice, where[voice.name][0], where[voice.name][1], where[voice.name][2], pace);
  const front = horizon + H * (H > W ? 0.035 : 0.05);
  const planes = [
    water(kit, box, "mid", { top: horizon, bottom: front + H * 0.04, scale: H / 900, drift: -1 }),
    water(kit, box, "near", {
      light: "night",
      top: front,
      scale: H / 760,
      drift: 1,
      bob: H * 0.008,
    }),
  ];
  const pool = kit.el("choir__pool", box);
  pool.style.top = `${horizon - H * 0.03}px`;
  pool.style.height = `${H * 0.3}px`;
  await loaded(far, near, wind, ...planes);
  if (!kit.still) {
    kit.animate(near, [{ translate: "-16% 0" }, { translate: "-5% 0" }], { duration: length });
    kit.animate(
      wind,
      [{ opacity: 0 }, { opacity: 1, offset: 0.25 }, { opacity: 1, offset: 0.82 }, { opacity: 0 }],
      { duration: length },
    );
    kit.animate(
      pool,
      [
        { opacity: 0 },
        { opacity: 0.15, offset: 0.17 },
        { opacity: 0.3, offset: 0.49, easing: "ease-in-out" },
        { opacity: 1, offset: 0.62 },
        { opacity: 1, offset: 0.76, easing: "ease-in-out" },
        { opacity: 0.1, offset: 0.92 },
        { opacity: 0 },
      ],
      { duration: length },
    );
    kit.sound(
      [
        [110, 950, 800],
        [164.8, 1_600, 700],
        [277.2, 2_200, 700],
        [110, 3_000, 1_900],
        [164.8, 3_000, 1_900],
        [277.2, 3_000, 1_900],
        [329.6, 3_400, 1_500],
      ],
      { voice: "choir" },
    );
  }
  for (const voice of VOICES) notes(box, kit, voice, where[voice.name], pace);
  await Promise.all(VOICES.map((voice) => singer(box, kit, voice, where[voice.name], pace)));
}

export default { best: 3_900, play };
