// Tiny Kettle: it rattles until its lid jumps, and its steam is the sender's initial. A combo
// spells the name, letter by letter.
import { ease, pivot, reached, spot, stand } from "./craft.js";

const NS = "http://www.w3.org/2000/svg";
const MOST = 4; // letters that hang above the newest
const kettles = new WeakMap(); // box -> {svg, x, y, size, letters}

const spelling = (gift) =>
  [...(gift.private ? "" : (gift.from ?? "")).normalize("NFC").toUpperCase()].filter((letter) =>
    /\p{L}|\p{N}/u.test(letter),
  );

async function play(box, gift, kit) {
  const { size, x, y } = spot(kit);
  const svg = stand(await kit.svg("gifts/art/tiny-kettle.svg", box), x, y, size);
  svg.style.transformOrigin = "58% 94%";
  kettles.set(box, { svg, x, y, size, letters: [] });
  if (!kit.still) boil(svg, kit);
  puff(box, gift, reached(kit, gift), kit, kit.length * 0.4);
}

function boil(svg, kit) {
  const timing = { duration: kit.length };
  kit.animate(
    svg,
    [
      { translate: "0 20%", scale: "0.4", opacity: 0, easing: ease.spring },
      { translate: "0 0", scale: "1", rotate: "0deg", opacity: 1, offset: 0.16 },
      { rotate: "-2.5deg", offset: 0.21 },
      { rotate: "2.5deg", offset: 0.26 },
      { rotate: "-3.5deg", scale: "1.03 0.98", offset: 0.31 },
      { rotate: "3.5deg", scale: "1.06 0.94", offset: 0.36 },
      { rotate: "-4deg", scale: "1.09 0.9", offset: 0.4, easing: ease.out },
      { rotate: "8deg", scale: "0.95 1.07", offset: 0.5, easing: ease.both },
      { rotate: "-2deg", scale: "1.02 0.98", offset: 0.7, easing: ease.both },
      { translate: "0 0", rotate: "0deg", scale: "1", opacity: 1, offset: 0.85 },
      { translate: "0 0", rotate: "0deg", scale: "1", opacity: 1 },
    ],
    timing,
  );
  kit.animate(
    pivot(kit.part(svg, "lid"), 92, 58),
    [
      { translate: "0 0", rotate: "0deg" },
      { translate: "0 0", rotate: "0deg", offset: 0.2 },
      { translate: "0 -3px", rotate: "3deg", offset: 0.26 },
      { translate: "0 0", rotate: "0deg", offset: 0.3 },
      { translate: "0 -4px", rotate: "-4deg", offset: 0.35 },
      { translate: "0 0", rotate: "0deg", offset: 0.4, easing: ease.rise },
      { translate: "1px -24px", rotate: "20deg", offset: 0.54, easing: ease.fall },
      { translate: "0 0", rotate: "-3deg", offset: 0.7, easing: ease.rise },
      { translate: "0 -5px", rotate: "2deg", offset: 0.77, easing: ease.fall },
      { translate: "0 0", rotate: "0deg", offset: 0.84 },
      { translate: "0 0", rotate: "0deg" },
    ],
    timing,
  );
  kit.sound(
    [
      [880, 400, 120],
      [1180, 520, 260],
    ],
    { voice: "soft" },
  );
}

/** A letter of cloud: beads of white along its outline, dark around them as all our drawings are. */
function vapour(letter, box) {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", "0 0 64 64");
  svg.setAttribute("class", "steam");
  for (const look of ["edge", "shade", "beads", "fill"]) {
    const text = document.createElementNS(NS, "text");
    for (const [name, value] of Object.entries({
      class: `steam__${look}`,
      x: 32,
      y: look === "shade" ? 50.5 : 49,
    }))
      text.setAttribute(name, String(value));
    text.textContent = letter;
    svg.append(text);
  }
  box.append(svg);
  return svg;
}

/** One letter out of the spout; those before it drift up and melt away. A person who wants no name
 * shown gets the curl of the drawing. */
function puff(box, gift, count, kit, delay) {
  const kettle = kettles.get(box);
  const { svg, x, y, size, letters } = kettle;
  const name = spelling(gift);
  const curl = pivot(kit.part(svg, "steam"), 12, 48);
  curl.style.display = name.length ? "none" : "";
  const letter = name[(count - 1) % (name.length || 1)];
  const steam = letter
    ? stand(vapour(letter, box), x - size * 0.4, y - size * 0.58, size * 0.74)
    : curl;
  const unit = letter ? size / 128 : 1;
  if (letter) {
    // A new round of the name clears the air; else the letters before it make room above.
    const gone =
      (count - 1) % name.length ? letters.splice(0, letters.length - MOST) : letters.splice(0);
    for (const old of gone)
      kit.still
        ? old.remove()
        : kit
            .animate(old, [{ opacity: 0, scale: 1.8 }], { duration: 240 * kit.pace })
            .finished.then(
              () => old.remove(),
              () => old.remove(),
            );
    letters.push(steam);
    letters.forEach((old, at) => {
      const up = `translateY(${(at + 1 - letters.length) * size * 0.62}px)`;
      if (kit.still) old.style.transform = up;
      else if (old !== steam)
        kit.animate(old, [{ transform: up }], { duration: 220 * kit.pace, easing: ease.out });
    });
  }
  if (kit.still) return;
  const at = (x, y) => `${x * unit}px ${y * unit}px`;
  kit.animate(
    steam,
    [
      { translate: at(10, 26), scale: "0", rotate: "-40deg", opacity: 0, easing: ease.out },
      {
        translate: at(-2, -12),
        scale: "1.16 1.3",
        rotate: "12deg",
        opacity: 1,
        offset: 0.13,
        easing: ease.both,
      },
      {
        translate: at(6, -18),
        scale: "1.04 0.96",
        rotate: "-8deg",
        opacity: 1,
        offset: 0.28,
        easing: ease.both,
      },
      {
        translate: at(-2, -22),
        scale: "1.06 1.1",
        rotate: "6deg",
        opacity: 1,
        offset: 0.48,
        easing: ease.both,
      },
      {
        translate: at(4, -28),
        scale: "1.1",
        rotate: "-5deg",
        opacity: 1,
        offset: 0.72,
        easing: ease.both,
      },
      { translate: at(-2, -40), scale: "1.5", rotate: "6deg", opacity: 0 },
    ],
    { duration: kit.length * 2.2, delay },
  );
}

function again(box, gift, count, kit) {
  const kettle = kettles.get(box);
  if (!kettle) return;
  puff(box, gift, reached(kit, gift, count), kit, 0);
  if (kit.still) return;
  const side = count % 2 ? 1 : -1;
  kit.animate(
    kettle.svg,
    [
      { scale: 1, rotate: "0deg", easing: ease.out },
      { scale: "1.12 0.86", rotate: `${side * -5}deg`, offset: 0.24, easing: ease.out },
      { scale: "0.94 1.08", rotate: `${side * 7}deg`, offset: 0.5, easing: ease.both },
      { scale: 1, rotate: "0deg" },
    ],
    { duration: 340 * kit.pace },
  );
  kit.animate(
    kit.part(kettle.svg, "lid"),
    [
      { translate: "0 0", rotate: "0deg", easing: ease.rise },
      { translate: "0 -20px", rotate: `${side * 16}deg`, offset: 0.45, easing: ease.fall },
      { translate: "0 0", rotate: "0deg" },
    ],
    { duration: 330 * kit.pace },
  );
  kit.sound([[900 + 70 * (count % 8), 0, 140]], { voice: "soft" });
}

export default { best: 760, play, combo: again };
