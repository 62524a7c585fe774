// Kinds of gifts: each button scrolls the tiles to its first gift, and the scrolled tiles light the
// button.

import { still } from "../../js/page.js";

export function kinds(tray) {
  const buttons = [...tray.querySelectorAll("[data-kind]")];
  const row = tray.querySelector("[data-tiles]");
  const firsts = new Map(
    [...tray.querySelectorAll("[data-shelf]")].map((shelf) => [
      shelf.dataset.shelf,
      shelf.querySelector("[data-tile]"),
    ]),
  );
  const mark = (kind) => {
    for (const button of buttons)
      button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
    const pressed = buttons.find((button) => button.dataset.kind === kind);
    pressed.parentElement.scrollTo({ left: pressed.offsetLeft - 48 });
  };
  // Where a tile lies inside the row, whichever of its parents it is measured from.
  const at = (tile) => {
    const [one, all] = [tile.getBoundingClientRect(), row.getBoundingClientRect()];
    return { left: one.left - all.left + row.scrollLeft, top: one.top - all.top + row.scrollTop };
  };
  let quiet = 0; // until then the scrolling is ours
  for (const button of buttons) {
    button.addEventListener("click", () => {
      quiet = Date.now() + 600;
      mark(button.dataset.kind);
      const { left, top } = at(firsts.get(button.dataset.kind));
      row.scrollTo({ left: left - 3, top: top - 18, behavior: still.matches ? "auto" : "smooth" });
    });
  }
  let settled = 0;
  row.addEventListener("scroll", () => {
    clearTimeout(settled);
    settled = setTimeout(() => {
      if (Date.now() < quiet) return;
      const down = row.scrollHeight > row.clientHeight + 8;
      const seen = [...firsts].filter(([, tile]) =>
        down ? at(tile).top <= row.scrollTop + 40 : at(tile).left <= row.scrollLeft + 60,
      );
      const last = seen.at(-1);
      if (last) mark(last[0]);
    }, 100);
  });
}
