// Where the chips are: over everything, since the tray may close and a gift may fill the screen
// while there is time to undo.

const phone = matchMedia("(width < 48rem)");

export function keepChipsInSight(tray, chips) {
  chips.dataset.theme = tray.closest("[data-theme]")?.dataset.theme ?? "";
  const aim = () => {
    const { top, left } = tray.getBoundingClientRect();
    // While the sheet slides up it is still far below; its height says where it will stand.
    const edge = phone.matches ? innerHeight - tray.offsetHeight : top;
    chips.style.setProperty("--above", `${Math.min(innerHeight - edge + 8, innerHeight - 160)}px`);
    chips.style.setProperty("--beside", `${left + 16}px`);
  };
  const place = () => {
    if (!chips.showPopover) return;
    // An open sheet makes the page around it deaf, so the chips live inside it.
    const home = tray.matches(":modal") ? tray : document.body;
    if (chips.matches(":popover-open")) chips.hidePopover();
    if (chips.parentElement !== home) home.append(chips);
    if (!chips.children.length) return;
    chips.toggleAttribute("data-away", phone.matches && !tray.open);
    aim();
    chips.showPopover();
  };
  new MutationObserver(place).observe(chips, { childList: true });
  new MutationObserver(place).observe(tray, { attributeFilter: ["open"] });
  new ResizeObserver(aim).observe(tray);
  document.addEventListener("stage:full", place);
  addEventListener("resize", place);
  if (chips.children.length) place();
}
