// Kite Flock: five kites go up from one hand on their strings, dance in the wind, and are let go.
// The colours are the fan club's.
import { ease } from "./craft.js";
import { NIGHT, ink } from "./ink.js";

const KITES = [
  {
    at: [0.13, 0.5],
    size: 0.86,
    cloth: "#8470f2",
    mark: "#ddd4ff",
    sign: `<circle cy="-4" r="9" fill="#ddd4ff"/><path fill="#8470f2" d="M3-12a9 9 0 1 0 0 16 8 8 0 1 1 0-16z"/>`,
  },
  {
    at: [0.27, 0.16],
    size: 1,
    cloth: "#2fbdb2",
    mark: "#b4f5e2",
    sign: `<path fill="#b4f5e2" d="M-13-9L0-24 13-9 8-4 0-11-8-4zM-8 12L0 4l8 8-4 7-4-4-4 4z"/>`,
  },
  {
    at: [0.7, 0.2],
    size: 1.4,
    cloth: "#ffc35c",
    mark: "#ff6b5e",
    sign: `<path fill="#ff6b5e" d="M0-24L-8.5-14 0-6l8.5-8zM-9 10.5L0 4l9 6.5L0 26z"/><g fill="${NIGHT}"><ellipse cx="-6" cy="-5.5" rx="2.1" ry="2.8"/><ellipse cx="6" cy="-5.5" rx="2.1" ry="2.8"/></g><path fill="#7d1c45" stroke="${NIGHT}" stroke-width="1.6" stroke-linejoin="round" d="M-4.5-1h9c0 4.6-2 6.6-4.5 6.6S-4.5 3.6-4.5-1z"/><g fill="#fff"><circle cx="-6.7" cy="-6.7" r=".9"/><circle cx="5.3" cy="-6.7" r=".9"/></g><g fill="#ff5d6d" opacity=".6"><ellipse cx="-9.5" cy="-.5" rx="2.2" ry="1.5"/><ellipse cx="9.5" cy="-.5" rx="2.2" ry="1.5"/></g>`,
  },
  {
    at: [0.46, -0.06],
    size: 0.92,
    cloth: "#ff5f5c",
    mark: "#ffd9b8",
    sign: `<path fill="#ffd9b8" d="M0-17l3.5 9.5L13-4 3.5-.5 0 12-3.5-.5-13-4l9.5-3.5z"/>`,
  },
  {
    at: [0.88, 0.48],
    size: 0.86,
    cloth: "#3f8fe0",
    mark: "#cdeaff",
    sign: `<path fill="none" stroke="#cdeaff" stroke-width="4.5" d="M-10-8c3-4 5-4 7 0s4 4 6 0 4-4 7 0M-7 3c2.5-3.5 4-3.5 5.5 0s3 3.5 5 0 3-2.5 4-1"/>`,
  },
];
const UP = 1_050;
const LETTING_GO = 700;

const kite = ({ cloth, sign }) =>
  `<path fill="${cloth}" paint-order="stroke" stroke="${NIGHT}" stroke-width="6" stroke-linejoin="round" d="M0-24L-17-4 0 26 17-4z"/>${sign}<path fill="#5a1f7a" opacity=".28" d="M0-24l17 20L0 26z"/><path fill="#fff" opacity=".22" d="M0-24L-17-4H0z"/><path fill="none" stroke="#fffbe8" stroke-width="2.2" stroke-linejoin="round" opacity=".75" d="M-1-21L-14-4"/>`;
const bow = (colour, y) =>
  `<path transform="translate(0 ${y})" fill="${colour}" stroke="${NIGHT}" stroke-width="2" stroke-linejoin="round" d="M0 0c-4 4-8 5-11 3 2-2 2-6 0-9 4-1 8 1 11 5 3-4 7-6 11-5-2 3-2 7 0 9-3 2-7 1-11-3z"/>`;
const tail = ({ cloth, mark }) =>
  `<path fill="none" stroke="${NIGHT}" stroke-width="6" stroke-linecap="round" d="M0 0c-9 12 9 22 0 34s7 18 0 28"/><path fill="none" stroke="${mark}" stroke-width="2.8" stroke-linecap="round" d="M0 0c-9 12 9 22 0 34s7 18 0 28"/>${bow(cloth, 18)}${bow(mark, 38)}${bow(cloth, 58)}`;

export default {
  best: 2_000,
  play(box, gift, kit) {
    const flock = kit.el("kites");
    const hand = [kit.width * 0.5, kit.height * 1.3];
    const wide = Math.min(kit.width * 0.15, kit.height * 0.26, 92 * Math.max(kit.scale, 0.85));
    flock.style.transformOrigin = `${hand[0]}px ${hand[1]}px`;
    const lower = kit.width < 600 ? 0.17 : 0; // below the host's name
    const ms = (time) => time * kit.pace;
    const away = kit.length - ms(LETTING_GO);
    const lines = KITES.map(({ at: [x, y], cloth }) => {
      const end = [x * kit.width, (y + lower) * kit.height];
      return `<path pathLength="1" fill="none" stroke="${cloth}" stroke-width="2.5" stroke-linecap="round" stroke-dasharray="1 1" d="M${hand[0]} ${hand[1]}L${end[0]} ${end[1]}"/>`;
    }).join("");
    const strings = ink("kites__strings", `0 0 ${kit.width} ${kit.height}`, lines, flock);

    KITES.forEach((one, turn) => {
      const [x, y] = [one.at[0] * kit.width, (one.at[1] + lower) * kit.height];
      const size = wide * one.size;
      const place = kit.el("kites__kite", flock);
      place.style.left = `${x}px`;
      place.style.top = `${y}px`;
      place.style.width = `${size}px`;
      const ribbon = ink("kites__tail", "-20 -4 40 76", tail(one), place);
      const sail = ink("kites__sail", "-22 -30 44 62", kite(one), place);

      const [begin, risen] = [turn * 110, UP];
      const from = `${hand[0] - x}px ${hand[1] - y}px`;
      const lift = { delay: ms(begin), duration: ms(risen), easing: ease.out };
      kit.animate(
        place,
        [
          { translate: from, scale: 0.25, opacity: 0 },
          { opacity: 1, offset: 0.12 },
          { translate: "0 0", scale: 1, opacity: 1 },
        ],
        lift,
      );
      kit.animate(strings.children[turn], [{ strokeDashoffset: 1 }, { strokeDashoffset: 0 }], lift);
      // Wind: each leans in its own time, and its tail follows late.
      const lean = one.at[0] < 0.5 ? -10 : 10;
      const wind = {
        delay: ms(-300 * turn),
        iterations: Infinity,
        direction: "alternate",
        easing: ease.both,
      };
      kit.animate(sail, [{ rotate: `${lean - 7}deg` }, { rotate: `${lean + 9}deg` }], {
        ...wind,
        duration: ms(760 + turn * 90),
      });
      kit.animate(ribbon, [{ rotate: "-13deg", skew: "0" }, { rotate: "15deg" }], {
        ...wind,
        delay: ms(-300 * turn - 180),
        duration: ms(620 + turn * 70),
      });
      // Let go: up and out, one after the other.
      kit.animate(
        place,
        [
          { translate: "0 0", opacity: 1, easing: "ease-in" },
          { opacity: 1, offset: 0.7 },
          { translate: `${(one.at[0] - 0.35) * kit.width * 0.7}px ${-y - size * 2}px`, opacity: 0 },
        ],
        { delay: away + ms(turn * 60), duration: ms(LETTING_GO - 240), composite: "add" },
      );
      kit.animate(strings.children[turn], [{ opacity: 0.85 }, { opacity: 0 }], {
        delay: away + ms(turn * 60),
        duration: ms(200),
      });
    });
    kit.animate(flock, [{ rotate: "-1.6deg" }, { rotate: "2deg" }], {
      duration: ms(1_500),
      iterations: Infinity,
      direction: "alternate",
      easing: ease.both,
    });

    // Threads of wind between them.
    for (let turn = 0; turn < (kit.lean ? 0 : 3); turn += 1) {
      const gust = ink(
        "kites__gust",
        "0 0 120 24",
        `<path pathLength="1" stroke-dasharray=".6 1" fill="none" stroke="#eaf6ff" stroke-width="3" stroke-linecap="round" d="M2 16C30 4 48 22 74 12c14-6 30-4 28 5-1 6-10 5-9-1"/>`,
        box,
      );
      gust.style.left = `${[10, 44, 68][turn]}%`;
      gust.style.top = `${[30, 8, 62][turn]}%`;
      kit.animate(
        gust.firstElementChild,
        [
          { strokeDashoffset: 1, opacity: 0 },
          { opacity: 0.55, offset: 0.3 },
          { strokeDashoffset: -1, opacity: 0 },
        ],
        { delay: ms(700 + turn * 620), duration: ms(1_300), easing: ease.both },
      );
    }
    kit.sound(
      [
        ["D5", 120, 90],
        ["F#5", 260, 90],
        ["A5", 400, 90],
        ["D6", 540, 90],
        ["F#6", 680, 260],
      ],
      { voice: "pluck" },
    );
  },
};
