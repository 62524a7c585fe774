// Where the undo buttons are: over everything, since the tray may close and a gift may fill the screen
// while there is time to undo.

const phone = matchMedia("(width < 48rem)");

export function keepInSight(tray, list) {
  list.dataset.theme = tray.closest("[data-theme]")?.dataset.theme ?? "";
  const aim = () => {
    const { top, left } = tray.getBoundingClientRect();
    // While the sheet slides up it is still far below; its height says where it will stand.
    const edge = phone.matches ? innerHeight - tray.offsetHeight : top;
    list.style.setProperty("--above", `${Math.min(innerHeight - edge + 8, innerHeight - 160)}px`);
    list.style.setProperty("--beside", `${left + 16}px`);
  };
  const place = () => {
    if (!list.showPopover) return;
    // An open sheet makes the page around it deaf, so the list lives inside it.
    const home = tray.matches(":modal") ? tray : document.body;
    if (list.matches(":popover-open")) list.hidePopover();
    if (list.parentElement !== home) home.append(list);
    if (!list.children.length) return;
    list.toggleAttribute("data-away", phone.matches && !tray.open);
    aim();
    list.showPopover();
  };
  new MutationObserver(place).observe(list, { childList: true });
  new MutationObserver(place).observe(tray, { attributeFilter: ["open"] });
  new ResizeObserver(aim).observe(tray);
  document.addEventListener("stage:full", place);
  addEventListener("resize", place);
  if (list.children.length) place();
}
