// Brass Snail: crawls in, lifts its horn and plays a two-bar fanfare. What is seen is what is
// heard: one list of notes.
import { ease, pivot, stand } from "./craft.js";
import { NIGHT, ink } from "./ink.js";

// Note, when, how long (ms): two bars in four, and the third below.
/** @type {[string, number, number][]} note, start, length */
const FANFARE = [
  ["G4", 620, 120],
  ["G4", 780, 120],
  ["C5", 940, 240],
  ["E5", 1_220, 240],
  ["G5", 1_500, 150],
  ["E5", 1_680, 150],
  ["G5", 1_860, 640],
];
const BELOW = [
  ["E4", 620, 120],
  ["E4", 780, 120],
  ["G4", 940, 240],
  ["C5", 1_220, 240],
  ["E5", 1_500, 150],
  ["C5", 1_680, 150],
  ["E5", 1_860, 640],
];
const COLOURS = ["#ffd27a", "#7df0dc", "#ff9d86", "#c9b4ff"];

const single = (colour) =>
  `<path fill="none" stroke="${NIGHT}" stroke-width="9" stroke-linecap="round" d="M22 38V10l14 6"/><ellipse cx="15" cy="39" rx="9" ry="7" fill="${NIGHT}" stroke="${NIGHT}" stroke-width="6"/><path fill="none" stroke="${colour}" stroke-width="4" stroke-linecap="round" d="M22 38V10l14 6"/><ellipse cx="15" cy="39" rx="9" ry="7" fill="${colour}"/>`;
const double = (colour) =>
  `<g fill="${NIGHT}" stroke="${NIGHT}" stroke-width="8" stroke-linejoin="round"><path fill="none" d="M16 38V12l24-5v26"/><ellipse cx="11" cy="39" rx="7" ry="6"/><ellipse cx="35" cy="34" rx="7" ry="6"/></g><path fill="none" stroke="${colour}" stroke-width="4.4" stroke-linejoin="round" d="M16 38V12l24-5v26"/><g fill="${colour}"><ellipse cx="11" cy="39" rx="7" ry="6"/><ellipse cx="35" cy="34" rx="7" ry="6"/></g>`;
const wave = (colour) =>
  `<path fill="none" stroke="${colour}" stroke-width="5" stroke-linecap="round" d="M34 6C18 14 8 26 6 42"/>`;

export default {
  best: 1_950,
  async play(box, gift, kit) {
    const size = Math.min(kit.width * 0.4, kit.height * 0.52, 190 * Math.max(kit.scale, 0.85));
    const snail = kit.el("snail");
    const foot = Math.min(kit.height * 0.98, kit.height * 0.34 + size);
    const middle = Math.max(kit.width * 0.2, size * 0.85);
    stand(snail, middle, foot, size);
    kit.el("snail__shade", snail);
    const art = await kit.svg("gifts/art/brass-snail.svg", snail);
    const ms = (time) => time * kit.pace;

    // It crawls as snails do: stretch, and draw the rest after it.
    kit.animate(
      snail,
      [
        { translate: `${-middle - size}px 0` },
        { translate: `${-size * 0.5}px 0`, offset: 0.55, easing: ease.both },
        { translate: "0 0" },
      ],
      { duration: ms(600), easing: ease.both },
    );
    kit.animate(art, [{ scale: "1.12 0.92" }, { scale: "0.94 1.05" }, { scale: "1 1" }], {
      duration: ms(600),
      easing: ease.both,
    });
    kit.animate(snail, [{ translate: "0 0" }, { translate: `${-middle - size}px 0` }], {
      delay: kit.length - ms(420),
      duration: ms(420),
      easing: ease.in,
      composite: "add",
    });

    const horn = pivot(kit.part(art, "horn"), 54, 40);
    const shell = pivot(kit.part(art, "shell"), 52, 104);
    FANFARE.forEach(([, start, length], turn) => {
      const held = { delay: ms(start), duration: ms(length + 90), fill: "none" };
      const long = length > 300;
      kit.animate(
        horn,
        [
          { scale: 1, rotate: "0deg" },
          { scale: long ? 1.2 : 1.13, rotate: "-3deg", offset: 0.2 },
          { scale: long ? 1.14 : 1.08, rotate: "-2deg", offset: 0.75 },
          { scale: 1, rotate: "0deg" },
        ],
        held,
      );
      kit.animate(
        shell,
        [{ scale: "1 1" }, { scale: "0.95 1.04", offset: 0.25 }, { scale: "1 1" }],
        held,
      );
      for (const [name, pressed] of [
        ["valve-1", turn % 2 === 0],
        ["valve-2", turn % 3 !== 0],
      ]) {
        if (pressed)
          kit.animate(
            kit.part(art, name),
            [
              { translate: "0 0" },
              { translate: "0 5px", offset: 0.2 },
              { translate: "0 5px", offset: 0.75 },
              { translate: "0 0" },
            ],
            held,
          );
      }
      if (kit.lean && turn % 2) return;
      const colour = COLOURS[turn % COLOURS.length];
      const ring = ink("snail__wave", "0 0 40 48", wave(colour), snail);
      kit.animate(
        ring,
        [
          { opacity: 0, translate: "0 0", scale: 0.5 },
          { opacity: 1, offset: 0.2 },
          { opacity: 0, translate: `${-size * 0.26}px ${-size * 0.24}px`, scale: 1.7 },
        ],
        { delay: ms(start), duration: ms(620), easing: "ease-out" },
      );
      const note = ink(
        "snail__note",
        "0 0 48 50",
        turn % 3 === 2 ? double(colour) : single(colour),
        snail,
      );
      const [away, up] = [(0.25 + turn * 0.34) * size, -(0.35 + (turn % 3) * 0.24) * size];
      kit.animate(
        note,
        [
          { opacity: 0, scale: 0.3, translate: "0 0" },
          {
            opacity: 1,
            scale: 1.1,
            translate: `${away * 0.25 - size * 0.1}px ${up * 0.8}px`,
            offset: 0.25,
            easing: "ease-out",
          },
          {
            opacity: 1,
            scale: 1,
            translate: `${away * 0.7}px ${up * 0.6}px`,
            rotate: "10deg",
            offset: 0.7,
            easing: "ease-in-out",
          },
          { opacity: 0, scale: 0.9, translate: `${away * 1.1}px ${up * 1.15}px`, rotate: "-8deg" },
        ],
        { delay: ms(start), duration: ms(1_150) },
      );
    });
    kit.sound(FANFARE, { voice: "brass" });
    kit.sound(BELOW, { voice: "brass" });
  },
};
