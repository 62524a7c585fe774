// Where the undo buttons are: over everything, since the tray may close and a gift may fill the screen
// while there is time to undo. On the phone they stand on what is at the foot of the screen, tray or
// message field; how much tray and buttons take is known to the page as `--tray` and `--undo`, so
// that what is above them makes room.

const phone = matchMedia("(width < 48rem)");

export function keepInSight(tray, list) {
  const bar = /** @type {HTMLElement | null} */ (document.querySelector("[data-foot]"));
  list.dataset.theme = tray.closest("[data-theme]")?.dataset.theme ?? "";
  const aim = () => {
    const { top, left } = tray.getBoundingClientRect();
    const { style } = document.body;
    // While the sheet slides up it is still far below; its height says where it will stand.
    const sheet = phone.matches && tray.open ? tray.offsetHeight : 0;
    const foot = phone.matches ? sheet || (bar?.offsetHeight ?? 0) : innerHeight - top;
    list.style.setProperty("--above", `${Math.min(foot + 8, innerHeight - 160)}px`);
    list.style.setProperty("--beside", `${left + 16}px`);
    style.setProperty("--tray", `${sheet}px`);
    const taken = list.matches(":popover-open") ? list.offsetHeight + 8 : 0;
    style.setProperty("--undo", `${taken}px`);
  };
  const place = () => {
    if (!list.showPopover) return;
    // An open sheet makes the page around it deaf, so the list lives inside it.
    const home = tray.matches(":modal") ? tray : document.body;
    if (list.matches(":popover-open")) list.hidePopover();
    if (list.parentElement !== home) home.append(list);
    if (list.children.length) list.showPopover();
    aim();
  };
  new MutationObserver(place).observe(list, { childList: true });
  new MutationObserver(place).observe(tray, { attributeFilter: ["open"] });
  const sizes = new ResizeObserver(aim);
  for (const one of [tray, list]) sizes.observe(one);
  document.addEventListener("stage:full", place);
  addEventListener("resize", place);
  place();
}
