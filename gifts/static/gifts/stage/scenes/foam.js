// Words written in foam: white letters with beads of bubbles along their outline. Text only,
// whatever is in it.
const NS = "http://www.w3.org/2000/svg";

const SPACING = 0.05; // between letters, as a share of their size; also in large.css
const measure = /** @type {CanvasRenderingContext2D} */ (
  document.createElement("canvas").getContext("2d")
);

/** Break words into lines no wider than `width`; a word that is too long by itself is broken too. */
function lines(words, size, width, font) {
  measure.font = `800 ${size}px ${font}`;
  const fits = (text) =>
    measure.measureText(text).width + SPACING * size * [...text].length <= width;
  const found = [""];
  for (const word of words.trim().split(/\s+/)) {
    const last = found[found.length - 1];
    if (!last || fits(`${last} ${word}`)) found[found.length - 1] = last ? `${last} ${word}` : word;
    else found.push(word);
    while (!fits(found[found.length - 1])) {
      const letters = [...found[found.length - 1]];
      let keep = letters.length;
      while (keep > 1 && !fits(letters.slice(0, keep).join(""))) keep -= 1;
      if (keep === letters.length) break;
      found.splice(-1, 1, letters.slice(0, keep).join(""), letters.slice(keep).join(""));
    }
  }
  return found;
}

function writing(text, x, y, size, looks) {
  const element = document.createElementNS(NS, "text");
  for (const [name, value] of Object.entries({ x, y, "font-size": size, ...looks }))
    element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

/** Write `words` around the point; `reveal([from, to], length)` lets the passing wave uncover them,
 * and the sea take them back. */
export function foam(kit, box, words, { x, y, width, size }) {
  const font = getComputedStyle(box).fontFamily;
  let found = lines(words, size, width, font);
  while (found.length > 3 && size > 18) {
    size *= 0.9;
    found = lines(words, size, width, font);
  }
  const window_ = kit.el("tide__window", box);
  const inner = kit.el("tide__window", window_);
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("class", "tide__foam");
  svg.setAttribute("width", kit.width);
  svg.setAttribute("height", kit.height);
  const step = size * 1.18;
  found.forEach((line, at) => {
    const base = y + (at - (found.length - 1) / 2) * step + size * 0.35;
    const bead = (width_, gap, colour) => ({
      fill: "none",
      stroke: colour,
      "stroke-width": width_,
      "stroke-dasharray": `0.01 ${gap}`,
    });
    svg.append(
      writing(line, x, base + size * 0.06, size, {
        fill: "none",
        stroke: "#14264a",
        "stroke-width": size * 0.34,
        "stroke-opacity": 0.5,
      }),
      writing(line, x, base, size, {
        fill: "none",
        stroke: "#2270b0",
        "stroke-width": size * 0.2,
        "stroke-opacity": 0.75,
      }),
      writing(line, x, base, size, bead(size * 0.14, size * 0.24, "#bfe9fb")),
      writing(line, x, base - size * 0.012, size, bead(size * 0.085, size * 0.19, "#ffffff")),
      writing(line, x, base, size, { fill: "#ffffff" }),
    );
  });
  inner.append(svg);
  const reveal = ([from, to], length) => {
    // Two windows that move against each other uncover from left to right without painting anything
    // anew.
    const uncover = {
      duration: length * (to - from),
      delay: length * from,
      easing: "cubic-bezier(0.35, 0.3, 0.7, 0.6)",
    };
    kit.animate(window_, [{ translate: "-100% 0" }, { translate: "0 0" }], uncover);
    kit.animate(inner, [{ translate: "100% 0" }, { translate: "0 0" }], uncover);
    kit.animate(
      svg,
      [
        { opacity: 1, translate: "0 0" },
        { opacity: 1, translate: "0 0", offset: 0.9 },
        { opacity: 0, translate: `0 ${size * 0.5}px` },
      ],
      { duration: length, easing: "ease-in" },
    );
  };
  return { reveal };
}
