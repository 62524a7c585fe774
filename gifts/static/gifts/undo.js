// The undo chip: a ring that closes with the window. The presses of one combo share a chip.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const phone = matchMedia("(width < 48rem)");

/** Put the chip of a gift that was just sent among the chips and return it. `balance(coins)` hears what is left. */
export function showUndo(chips, chip, combo, balance) {
  const earlier = combo && chips.querySelector(`[data-of="${combo}"]`);
  chip.dataset.of = combo ?? "";
  chip.presses = [...(earlier?.presses ?? []), { url: chip.getAttribute("action"), until: Date.now() + Number(chip.dataset.ms) }];
  const sent = (earlier?.sent ?? 0) + Number(chip.dataset.quantity);
  chip.sent = sent;
  const what = chip.querySelector(".undo__what");
  if (earlier) {
    const name = what.textContent.replace(/^\d+ × /, "");
    what.textContent = `${sent} × ${name}`;
    earlier.replaceWith(chip);
  } else {
    chips.append(chip);
    if (!still.matches) chip.animate([{ opacity: 0, translate: "0 8px" }, { opacity: 1, translate: "0 0" }], { duration: 160, easing: "ease-out" });
  }
  while (chips.children.length > 3) chips.firstElementChild.remove();
  const ring = chip.querySelector("[data-ring]").animate([{ strokeDashoffset: 0 }, { strokeDashoffset: 1 }], { duration: Number(chip.dataset.ms), fill: "forwards" });
  ring.onfinish = () => leave(chip);
  chip.addEventListener("submit", (event) => {
    event.preventDefault();
    ring.pause();
    takeBack(chip, balance);
  });
  return chip;
}

/** Keep the chips over everything: the tray may close, and a gift may fill the screen, while there is time to undo. */
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
}

async function leave(chip) {
  if (!chip.isConnected) return;
  if (!still.matches) await chip.animate([{ opacity: 1 }, { opacity: 0 }], { duration: 160 }).finished;
  chip.remove();
}

async function takeBack(chip, balance) {
  const button = chip.querySelector("button");
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  let last;
  let back = 0;
  for (const press of chip.presses) {
    // Of a long combo the first presses may be past their window; the rest still comes back.
    if (press.until < Date.now() && press !== chip.presses.at(-1)) continue;
    for (let turn = 0; turn < 3; turn += 1) {
      try {
        const response = await fetch(press.url, { method: "POST", headers: { "HX-Request": "true", "X-CSRFToken": token } });
        const shape = document.createElement("template");
        shape.innerHTML = await response.text();
        last = shape.content.firstElementChild;
        back += Number(last?.dataset.back ?? 0);
        break;
      } catch {
        await new Promise((done) => setTimeout(done, 600));
      }
    }
  }
  if (!last) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
    return;
  }
  const line = last.matches(".undo") ? last : Object.assign(document.createElement("p"), { className: "undo", textContent: last.textContent.trim() });
  const figure = line.querySelector("[data-coins-back]");
  if (figure) figure.textContent = back.toLocaleString(document.documentElement.lang || undefined);
  chip.replaceWith(line);
  if (line.dataset.balanceNow) balance(Number(line.dataset.balanceNow));
  setTimeout(() => leave(line), 3_500);
}
