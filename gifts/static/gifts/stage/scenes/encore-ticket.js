// Encore Ticket: a golden ticket is handed in with a number and the sender's words, gets its stamp,
// and has its stub torn off.
import { ease } from "./craft.js";
import { NIGHT, fly, ink } from "./ink.js";

const PAPER =
  "M10 4H196a10 10 0 0 0 20 0H222V116H216a10 10 0 0 0-20 0H10a6 6 0 0 1-6-6V74a14 14 0 0 0 0-28V10a6 6 0 0 1 6-6z";
const STUB =
  "M4 4H10a10 10 0 0 0 20 0H76a6 6 0 0 1 6 6V46a14 14 0 0 0 0 28V110a6 6 0 0 1-6 6H30a10 10 0 0 0-20 0H4z";

const paper = `<defs>
    <linearGradient id="~paper" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#fff6da"/><stop offset=".55" stop-color="#ffd685"/><stop offset="1" stop-color="#f29a4b"/></linearGradient>
    <clipPath id="~clip"><path d="${PAPER}"/></clipPath>
  </defs>
  <path d="${PAPER}" fill="${NIGHT}" stroke="${NIGHT}" stroke-width="8" stroke-linejoin="round"/>
  <g clip-path="url(#~clip)"><path fill="url(#~paper)" d="M0 0h230v120H0z"/><path fill="#d8662f" opacity=".28" d="M222 4v112H40C140 108 200 70 222 4z"/><path d="${PAPER}" fill="none" stroke="#fffbe8" stroke-width="5" opacity=".7"/></g>
  <path fill="none" stroke="#b8502f" stroke-width="2" stroke-linecap="round" opacity=".7" d="M26 16h160M26 104h160"/>
  <path fill="none" stroke="${NIGHT}" stroke-width="3" stroke-linecap="round" stroke-dasharray="1 8" d="M206 24v74"/>`;

const stub = `<defs><linearGradient id="~stub" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#ff9a80"/><stop offset="1" stop-color="#c9345a"/></linearGradient><clipPath id="~clip"><path d="${STUB}"/></clipPath></defs>
  <path d="${STUB}" fill="${NIGHT}" stroke="${NIGHT}" stroke-width="8" stroke-linejoin="round"/>
  <g clip-path="url(#~clip)"><path fill="url(#~stub)" d="M0 0h90v120H0z"/><path fill="#8f1f55" opacity=".4" d="M84 20v98H20C56 104 78 70 84 20z"/></g>
  <g fill="none" stroke="#fff3cf" stroke-width="4" stroke-linecap="round"><path d="M26 30h34M26 42h22"/></g>
  <g transform="rotate(-12 44 80)"><circle cx="44" cy="80" r="18" fill="none" stroke="#fff3cf" stroke-width="4"/><path fill="#fff3cf" d="M34 88V72l6 6 4-8 4 8 6-6v16z"/></g>`;

const stamp = `<g fill="none" stroke="#d8384f" stroke-width="5"><circle cx="50" cy="50" r="44"/><circle cx="50" cy="50" r="35" stroke-width="2.5"/></g>
  <path fill="#d8384f" d="M50 24l7.4 16.2 17.8 2.1-13.2 12 3.5 17.6L50 63.3l-15.5 8.6L38 54.3l-13.2-12 17.8-2.1z"/>
  <g fill="#d8384f"><circle cx="50" cy="11" r="2"/><circle cx="89" cy="50" r="2"/><circle cx="50" cy="89" r="2"/><circle cx="11" cy="50" r="2"/></g>`;

const spark = `<path fill="#ffb648" stroke="#8c2148" stroke-width="1.6" stroke-linejoin="round" d="M10 1l2.4 6.6L19 10l-6.6 2.4L10 19l-2.4-6.6L1 10l6.6-2.4z"/>`;

/** The same number on every page: the gift's place among the room's events. */
const numberOf = ({ event_id: event, id }) =>
  String((event || Number.parseInt(id.replace(/\W/g, "").slice(0, 6), 36) || 1) % 10_000).padStart(
    4,
    "0",
  );

export default {
  best: 1_700,
  play(box, gift, kit) {
    const ticket = kit.el("ticket");
    const size = Math.min(kit.width * 0.82, kit.height * 1.5, 280 * Math.max(kit.scale, 0.9));
    ticket.style.width = `${size}px`;
    ink("ticket__paper", "0 0 226 120", paper, ticket);
    const words = kit.el("ticket__words", ticket);
    kit.text(gift.name, "ticket__name", words);
    kit.text(gift.who, "ticket__who", words);
    if (gift.message) kit.text(gift.message, "ticket__message", words).dataset.message = "";
    const row = kit.el("ticket__number", words);
    const digits = [...numberOf(gift)].map((digit) => kit.text(digit, "ticket__digit", row));
    const torn = ink("ticket__stub", "0 0 86 120", stub, ticket);
    const mark = ink("ticket__stamp", "0 0 100 100", stamp, ticket);

    const [at, down] = [950 * kit.pace, 150 * kit.pace];
    kit.animate(
      ticket,
      [
        { translate: "-115% 24%", rotate: "-16deg", easing: ease.out },
        { translate: "2% -3%", rotate: "3deg", offset: 0.75, easing: ease.both },
        { translate: "0 0", rotate: "-2deg" },
      ],
      { duration: 650 * kit.pace },
    );
    for (const [turn, digit] of digits.entries())
      kit.animate(
        digit,
        [
          { opacity: 0, translate: "0 60%" },
          { opacity: 1, translate: "0 0" },
        ],
        { delay: (420 + turn * 90) * kit.pace, duration: 200 * kit.pace, easing: ease.spring },
      );
    kit.animate(
      mark,
      [
        { opacity: 0, scale: 2.6, rotate: "-34deg" },
        { opacity: 1, scale: 1, rotate: "-14deg" },
      ],
      { delay: at, duration: down, easing: "ease-in" },
    );
    kit.animate(ticket, [{ scale: 1 }, { scale: 0.95, offset: 0.3 }, { scale: 1 }], {
      delay: at + down,
      duration: 260 * kit.pace,
      fill: "none",
      easing: "ease-out",
    });
    const ring = kit.el("ticket__ring", ticket);
    kit.animate(
      ring,
      [
        { opacity: 0, scale: 0.5 },
        { opacity: 0.7, offset: 0.1 },
        { opacity: 0, scale: 1.9 },
      ],
      { delay: at + down, duration: 520 * kit.pace, easing: "ease-out" },
    );
    for (let turn = 0; turn < (kit.lean ? 3 : 7); turn += 1) {
      const star = ink("ticket__spark", "0 0 20 20", spark, ticket);
      const way = (turn / 7) * Math.PI * 2;
      fly(kit, star, {
        x: Math.cos(way) * size * 0.3,
        y: Math.sin(way) * size * 0.22,
        turn: 120,
        at: 1_080,
        ms: 800,
      });
    }
    const tear = kit.length - 780 * kit.pace;
    kit.animate(
      torn,
      [
        { translate: "0 0", rotate: "0deg" },
        { translate: "3% 0", rotate: "5deg", opacity: 1, offset: 0.3, easing: "ease-in" },
        { translate: "24% 120%", rotate: "38deg", opacity: 0 },
      ],
      { delay: tear, duration: 700 * kit.pace },
    );
    kit.sound(
      [
        ["E5", 960, 60],
        ["A5", 1_100, 90],
        ["C#6", 1_190, 140],
      ],
      { voice: "pluck" },
    );
  },
};
