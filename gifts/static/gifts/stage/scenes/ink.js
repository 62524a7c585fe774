// Shapes that a scene draws itself, in the hand of the gifts' art: markup of ours, with ids that no
// other shape on the page has.

let number = 0;

/** An SVG of this markup in `parent`. `id` in the markup: write `#~name`, it becomes one of its
 * own. */
export function ink(className, viewBox, markup, parent) {
  number += 1;
  const own = markup.replaceAll("~", `i${number}-`);
  const source = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}">${own}</svg>`;
  const svg = document.importNode(
    new DOMParser().parseFromString(source, "image/svg+xml").documentElement,
    true,
  );
  svg.setAttribute("class", className);
  parent?.append(svg);
  return svg;
}

export const NIGHT = "#14264a";

/** Something small that flies off from a point: one element, once. */
export function fly(kit, element, { x, y, turn = 0, at = 0, ms, grow = 1, from = 0.4 }) {
  return kit.animate(
    element,
    [
      { translate: "0 0", scale: from, opacity: 0 },
      { opacity: 1, offset: 0.15 },
      { opacity: 1, offset: 0.6 },
      { translate: `${x}px ${y}px`, scale: grow, rotate: `${turn}deg`, opacity: 0 },
    ],
    { delay: at * kit.pace, duration: ms * kit.pace, easing: "cubic-bezier(0.2, 0.6, 0.4, 1)" },
  );
}
