// Kinds of gifts: each button scrolls the tiles to its first gift; the scrolled tiles light the
// button, and so does the gift that is chosen. By keyboard the kinds are one stop: arrows go through
// them, and Enter leads into the kind, onto its first gift.

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
  const stop = (kind) => {
    for (const button of buttons) button.tabIndex = button.dataset.kind === kind ? 0 : -1;
  };
  const mark = (kind) => {
    for (const button of buttons)
      button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
    if (!buttons.includes(document.activeElement)) stop(kind);
    const pressed = buttons.find((button) => button.dataset.kind === kind);
    pressed.parentElement.scrollTo({ left: pressed.offsetLeft - 48 });
  };
  // Where a tile lies inside the row, whichever of its parents it is measured from.
  const at = (tile) => {
    const [one, all] = [tile.getBoundingClientRect(), row.getBoundingClientRect()];
    return { left: one.left - all.left + row.scrollLeft, top: one.top - all.top + row.scrollTop };
  };
  // Only a person's scrolling lights another kind: the page's own may end late, on a busy machine.
  let byHand = false;
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"])
    row.addEventListener(kind, () => (byHand = true), { passive: true });
  for (const button of buttons) {
    button.addEventListener("click", ({ detail }) => {
      byHand = false;
      mark(button.dataset.kind);
      const { left, top } = at(firsts.get(button.dataset.kind));
      row.scrollTo({ left: left - 3, top: top - 18, behavior: still.matches ? "auto" : "smooth" });
      const first = firsts.get(button.dataset.kind).querySelector("[name=gift]");
      if (detail || first.disabled) return;
      stop(button.dataset.kind);
      first.focus();
      first.click();
    });
    button.addEventListener("keydown", (event) => {
      const forward = document.documentElement.dir === "rtl" ? -1 : 1;
      const step = { ArrowRight: forward, ArrowLeft: -forward }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = buttons[(buttons.indexOf(button) + step + buttons.length) % buttons.length];
      stop(next.dataset.kind);
      next.focus();
    });
  }
  const chosen = () => tray.querySelector("[name=gift]:checked")?.closest("[data-tile]");
  const light = (tile) => {
    byHand = false;
    mark(tile.closest("[data-shelf]").dataset.shelf);
  };
  const show = () => {
    const tile = chosen();
    if (!tile) return;
    light(tile);
    tile.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  tray.addEventListener(
    "change",
    (event) => /** @type {HTMLInputElement} */ (event.target).name === "gift" && light(chosen()),
  );
  // A sheet that was closed could not scroll.
  new MutationObserver(() => tray.open && show()).observe(tray, { attributeFilter: ["open"] });
  show();
  let settled = 0;
  row.addEventListener("scroll", () => {
    clearTimeout(settled);
    settled = setTimeout(() => {
      if (!byHand) return;
      const down = row.scrollHeight > row.clientHeight + 8;
      const seen = [...firsts].filter(([, tile]) =>
        down ? at(tile).top <= row.scrollTop + 40 : at(tile).left <= row.scrollLeft + 60,
      );
      const last = seen.at(-1);
      if (last) mark(last[0]);
    }, 100);
  });
}
