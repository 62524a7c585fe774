// Marching Teacups: a parade along the chat's edge. On the desk the chat is beside the video, so
// they march down the wall to it; on the phone it lies below, and its upper edge is their street.
import { ease } from "./craft.js";
import { NIGHT, ink } from "./ink.js";

const STEP = 300; // ms
const CUPS = [
  {
    from: "#fff8ea",
    to: "#d98a6a",
    leads: true,
    band: `<path fill="#ff6b5e" d="M-30 12c16 7 44 7 60 0v6c-16 7-44 7-60 0z"/>`,
    mouth: `<path fill="#7d1c45" stroke="${NIGHT}" stroke-width="2.2" stroke-linejoin="round" d="M-4 6c4 1 8 1 12 0 0 4-3 6-6 6s-6-2-6-6z"/>`,
  },
  {
    from: "#b8f7ea",
    to: "#17607f",
    band: `<g fill="#eafff8" opacity=".85"><circle cx="-16" cy="12" r="2.6"/><circle cx="-8" cy="17" r="2.6"/><circle cx="2" cy="19" r="2.6"/><circle cx="12" cy="15" r="2.6"/></g>`,
    mouth: `<ellipse cx="2" cy="8" rx="3" ry="3.6" fill="${NIGHT}"/>`,
  },
  {
    from: "#d9d0ff",
    to: "#43349c",
    band: `<path fill="none" stroke="#ffd389" stroke-width="3" d="M-30 14l6-5 6 5 6-5 6 5 6-5 6 5 6-5 6 5 6-5 6 5"/>`,
    mouth: `<path fill="none" stroke="${NIGHT}" stroke-width="2.6" stroke-linecap="round" d="M-1 7c2 2 4 2 6 0"/>`,
  },
  {
    from: "#ffd9e2",
    to: "#b8406e",
    band: `<path fill="#fff3f6" opacity=".9" d="M0 7c2.6-4.4 9-2 7 2.6C6 12.4 0 16 0 16s-6-3.6-7-6.400C-9 5-2.6 2.6 0 7z" transform="translate(1 12) scale(.8)"/>`,
    mouth: `<path fill="none" stroke="${NIGHT}" stroke-width="2.6" stroke-linecap="round" d="M-2 6c3 3 6 3 9 0"/>`,
  },
  {
    from: "#fff0b8",
    to: "#c77a22",
    band: `<path fill="none" stroke="#7a3fb0" stroke-width="3.2" d="M-30 11c16 7 44 7 60 0M-30 18c16 7 44 7 60 0"/>`,
    mouth: `<ellipse cx="2" cy="8" rx="2.6" ry="3" fill="${NIGHT}"/>`,
  },
];
const BOWL = "M-25-18c17 5 33 5 50 0 2 22-6 38-16 42-6 2-12 2-18 0-10-4-18-20-16-42z";

const boot = (colour) =>
  `<g fill="none" stroke-linecap="round" stroke-linejoin="round"><path stroke="${NIGHT}" stroke-width="8" d="M0 0v14"/><path stroke="#ffb648" stroke-width="3.6" d="M0 0v14"/><path fill="${colour}" stroke="${NIGHT}" stroke-width="3.4" d="M-5 12h9c2 2 8 2 9 6 1 3-1 5-3 5H-5c-2-3-2-8 0-11z"/></g>`;

const bowl = ({
  from,
  to,
  band,
  mouth,
}) => `<defs><linearGradient id="~g" x1=".1" y1="0" x2=".9" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient><clipPath id="~c"><path d="${BOWL}"/></clipPath></defs>
  <path fill="none" stroke="${NIGHT}" stroke-width="12" d="M-22-8c-15-4-17 17 2 16"/><path fill="none" stroke="${from}" stroke-width="5.6" d="M-22-8c-15-4-17 17 2 16"/>
  <path d="${BOWL}" fill="url(#~g)" stroke="${NIGHT}" stroke-width="7" paint-order="stroke" stroke-linejoin="round"/>
  <g clip-path="url(#~c)">${band}<path fill="${NIGHT}" opacity=".25" d="M28-14c0 22-12 34-28 35-10 0-17-5-22-12v20h52z"/><path fill="none" stroke="#fff" stroke-opacity=".75" stroke-width="4" stroke-linecap="round" d="M-19-7c0 7 1 12 4 17"/></g>
  <ellipse cy="-19" rx="25" ry="7.5" fill="#fff3dc" stroke="${NIGHT}" stroke-width="4.5"/><ellipse cy="-18.5" rx="20" ry="4.6" fill="#b3502f"/><path fill="#ffb648" d="M-18-19c4-3 12-4 20-4-6 1-12 3-15 6-3 0-5-1-5-2z"/>
  <g fill="${NIGHT}"><ellipse cx="-6" rx="3" ry="4"/><ellipse cx="10" rx="3" ry="4"/><g fill="#fff"><circle cx="-7" cy="-1.5" r="1.3"/><circle cx="9" cy="-1.5" r="1.3"/></g></g>${mouth}
  <g fill="#ff8a7a" opacity=".8"><ellipse cx="-13" cy="6" rx="3.4" ry="2.2"/><ellipse cx="17" cy="6" rx="3.4" ry="2.2"/></g>`;

const baton = `<path fill="none" stroke="${NIGHT}" stroke-width="7" stroke-linecap="round" d="M6 44L18 10"/><path fill="none" stroke="#ffe0a0" stroke-width="3" stroke-linecap="round" d="M6 44L18 10"/><circle cx="19" cy="8" r="6" fill="#ffb648" stroke="${NIGHT}" stroke-width="3"/>`;
const steam = `<path fill="none" stroke="${NIGHT}" stroke-width="8" stroke-linecap="round" d="M12 34c-9-8 8-15 0-28"/><path fill="none" stroke="#cfe3ff" stroke-width="3.6" stroke-linecap="round" d="M12 34c-9-8 8-15 0-28"/>`;

export default {
  best: 2_000,
  play(box, gift, kit) {
    const phone = kit.width < 600 && kit.height < kit.width * 1.4;
    const size = Math.min(122 * Math.max(kit.scale, 0.8), kit.width * 0.23);
    // Its street: from the start to the end of the box, or down its far edge to the bottom of the
    // video.
    const street = kit.el("cups");
    const length = phone ? kit.width : kit.height / 0.56;
    street.classList.add(phone ? "is-level" : "is-wall");
    street.style.width = `${length}px`;
    street.style.height = `${size}px`;
    const cups = CUPS.slice(0, kit.lean ? 3 : 5);
    const file = size * 0.92 * cups.length;
    const parade = kit.el("cups__parade", street);
    parade.style.width = `${file}px`;
    const ms = (time) => time * kit.pace;
    kit.animate(
      parade,
      [{ translate: `${-file - size * 0.3}px 0` }, { translate: `${length + size * 0.5}px 0` }],
      { duration: kit.length, easing: "linear" },
    );

    cups.forEach((cup, place) => {
      const marcher = kit.el("cups__cup", parade);
      marcher.style.left = `${file - (place + 1) * size * 0.92}px`;
      marcher.style.width = `${size}px`;
      const beat = {
        duration: ms(STEP),
        iterations: Infinity,
        direction: "alternate",
        easing: ease.both,
        delay: ms(-(place % 2) * STEP),
      };
      const legs = ["#c8305a", "#a3244c"].map((colour, side) => {
        const leg = ink(
          side ? "cups__leg is-far" : "cups__leg",
          "-10 -2 26 28",
          boot(colour),
          marcher,
        );
        kit.animate(
          leg,
          side
            ? [{ rotate: "34deg" }, { rotate: "-26deg" }]
            : [{ rotate: "-26deg" }, { rotate: "34deg" }],
          beat,
        );
        return leg;
      });
      marcher.prepend(legs[1]);
      const body = kit.el("cups__body", marcher);
      ink("cups__bowl", "-46 -36 92 66", bowl(cup), body);
      kit.animate(
        body,
        [
          { translate: "0 0", rotate: "-4deg", scale: "1.03 0.97" },
          { translate: `0 ${-size * 0.09}px`, rotate: "4deg", scale: "0.98 1.02" },
        ],
        { ...beat, duration: ms(STEP / 2) },
      );
      if (cup.leads) {
        const stick = ink("cups__baton", "0 0 30 50", baton, body);
        kit.animate(
          stick,
          [
            { rotate: "-24deg", translate: "0 8%" },
            { rotate: "30deg", translate: "0 -10%" },
          ],
          beat,
        );
      } else if (!kit.lean) {
        const warm = ink("cups__steam", "0 0 24 40", steam, body);
        kit.animate(
          warm,
          [
            { opacity: 0, translate: "0 30%", scale: "1 0.6" },
            { opacity: 1, offset: 0.4 },
            { opacity: 0, translate: "-20% -40%", scale: "1.1 1.2" },
          ],
          {
            duration: ms(1_100),
            iterations: Infinity,
            delay: ms(-place * 270),
            easing: "ease-out",
          },
        );
      }
    });
    const drum = [];
    for (let beat = 0; beat < 11; beat += 1)
      drum.push(
        [beat % 4 === 3 ? "G4" : "C4", beat * STEP, 60],
        ...(beat % 2 ? [["C5", beat * STEP + STEP / 2, 40]] : []),
      );
    kit.sound(drum, { voice: "pluck" });
  },
};
