// The undo chip: a ring that closes with the window. The presses of one combo share a chip, which says how many of them
// are sent, and how many are still on the way.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const phone = matchMedia("(width < 48rem)");
const MOST_KEYS = 200; // in one request; more than fit into a window

const spell = (count) => count.toLocaleString(document.documentElement.lang || undefined);
const chipOf = (chips, combo) => combo && chips.querySelector(`[data-of="${combo}"]`);

/** Put the chip of gifts that were just sent among the chips and return it. `answers` are the server's chips, one a press
 * of one combo. `before()` is called when they are to be taken back, `after(coins)` hears what is left then. */
export function showUndo(chips, answers, combo, { before, after }) {
  const earlier = chipOf(chips, combo);
  const chip = answers.at(-1);
  chip.dataset.of = combo ?? "";
  chip.keys = [...(earlier?.keys ?? []), ...answers.map((answer) => answer.dataset.undo)];
  chip.sent = answers.reduce((sum, answer) => sum + Number(answer.dataset.quantity), earlier?.sent ?? 0);
  const what = chip.querySelector(".undo__what");
  if (chip.sent > 1) what.textContent = `${spell(chip.sent)} × ${what.textContent.replace(/^\d+ × /, "")}`;
  if (earlier) earlier.replaceWith(chip);
  else chips.append(chip);
  if (!earlier?.keys && !still.matches) chip.animate([{ opacity: 0, translate: "0 8px" }, { opacity: 1, translate: "0 0" }], { duration: 160, easing: "ease-out" });
  while (chips.children.length > 3) chips.firstElementChild.remove();
  const ring = chip.querySelector("[data-ring]").animate([{ strokeDashoffset: 0 }, { strokeDashoffset: 1 }], { duration: Number(chip.dataset.ms), fill: "forwards" });
  ring.onfinish = () => leave(chip);
  chip.addEventListener("submit", (event) => {
    event.preventDefault();
    ring.pause();
    before();
    takeBack(chip, chips.dataset.undoAll, after);
  });
  return chip;
}

/** Say how many presses of a combo are still on the way; none takes the words away. */
export function showWaiting(chips, combo, count, name) {
  const chip = chipOf(chips, combo);
  const shape = chip?.keys ? chips.dataset.waitingToo : chips.dataset.waiting;
  const words = count ? shape.replace("{count}", spell(count)).replace("{name}", name) : "";
  if (chip?.keys) {
    const what = chip.querySelector(".undo__what");
    const part = what.querySelector(".undo__waiting") ?? what.appendChild(Object.assign(document.createElement("span"), { className: "undo__waiting", ariaLive: "off" }));
    part.textContent = words;
  } else if (!count) chip?.remove();
  else {
    const line = chip ?? chips.appendChild(Object.assign(document.createElement("p"), { className: "undo undo-waiting", ariaLive: "off" }));
    line.dataset.of = combo;
    line.textContent = words;
  }
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

async function takeBack(chip, url, after) {
  const button = chip.querySelector("button");
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const body = new URLSearchParams(chip.keys.slice(-MOST_KEYS).map((key) => ["key", key]));
  let told;
  for (let turn = 0; turn < 3 && !told; turn += 1) {
    try {
      const response = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true", "X-CSRFToken": token } });
      const shape = document.createElement("template");
      shape.innerHTML = await response.text();
      told = shape.content.firstElementChild;
    } catch {
      await new Promise((done) => setTimeout(done, 600));
    }
  }
  if (!told) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
    return;
  }
  const line = told.matches(".undo") ? told : Object.assign(document.createElement("p"), { className: "undo", textContent: told.textContent.trim() });
  chip.replaceWith(line);
  after(Number(line.dataset.balanceNow));
  setTimeout(() => leave(line), 3_500);
}
