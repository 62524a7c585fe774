// The undo chip: a ring that closes with the window. The presses of one combo share a chip, which
// says how many of them are sent, and how many are still on the way. A chip that is pressed says
// what is true until the server has answered.
import { figure, fragment, make, post, still } from "../../js/page.js";
import { pause } from "./outbox.js";

const MOST_KEYS = 200; // in one request; more than fit into a window
const TRIES = [600, 1_200, 2_500, 5_000, 8_000, 8_000, 8_000, 8_000, 8_000];

const chipOf = (chips, combo) => combo && chips.querySelector(`[data-of="${combo}"]`);
const holding = (chips, key) =>
  [...chips.children].find((chip) => !chip.asked && chip.gifts?.has(key));

/** Put the chip of gifts that were just sent among the chips and return it. `answers` are the
 * server's chips, one a press of one combo. `before()` is called when they are to be taken back,
 * `after(coins)` hears what is left then, `said(text)` what is to be said aloud. */
export function showUndo(chips, answers, combo, { before, after, said }) {
  const chip = answers.at(-1);
  const earlier = chipOf(chips, combo) ?? holding(chips, chip.dataset.undo);
  chip.dataset.of = combo ?? "";
  chip.gifts = new Map([
    ...(earlier?.gifts ?? []),
    ...answers.map((answer) => [answer.dataset.undo, Number(answer.dataset.quantity)]),
  ]);
  const sent = [...chip.gifts.values()].reduce((sum, quantity) => sum + quantity, 0);
  const what = chip.querySelector(".undo__what");
  if (sent > 1) what.textContent = `${figure(sent)} × ${what.textContent.replace(/^\d+ × /, "")}`;
  if (earlier) earlier.replaceWith(chip);
  else chips.append(chip);
  if (!earlier?.gifts && !still.matches)
    chip.animate(
      [
        { opacity: 0, translate: "0 8px" },
        { opacity: 1, translate: "0 0" },
      ],
      { duration: 160, easing: "ease-out" },
    );
  while (chips.children.length > 3) chips.firstElementChild.remove();
  chip.ring = runOut(chip);
  chip.ring.onfinish = () => leave(chip);
  chip.addEventListener("submit", (event) => {
    event.preventDefault();
    if (chip.asked) return;
    chip.asked = true;
    chip.dataset.of = ""; // presses that are still on the way come to a chip of their own
    before();
    takeBack(chip, chips.dataset, { after, said });
  });
  return chip;
}

/** The ring shows how much of the whole window is left, also where a page was loaded in the middle
 * of it. */
function runOut(chip) {
  const left = Number(chip.dataset.ms);
  const whole = Math.max(left, Number(chip.dataset.whole) || left);
  if (!left) {
    // The answer came late: it is sent, and that is all there is to say.
    chip.querySelector("button").hidden = true;
    return chip.animate([], { duration: 3_000 });
  }
  return chip
    .querySelector("[data-ring]")
    .animate([{ strokeDashoffset: 1 - left / (whole || 1) }, { strokeDashoffset: 1 }], {
      duration: left,
      fill: "forwards",
    });
}

/** Say how many presses of a combo are still on the way; none takes the words away. */
export function showWaiting(chips, combo, count, name) {
  const chip = chipOf(chips, combo);
  const shape = chip?.gifts ? chips.dataset.waitingToo : chips.dataset.waiting;
  const words = count ? shape.replace("{count}", figure(count)).replace("{name}", name) : "";
  if (chip?.gifts) {
    const what = chip.querySelector(".undo__what");
    const part =
      what.querySelector(".undo__waiting") ??
      what.appendChild(Object.assign(make("undo__waiting", "", "span"), { ariaLive: "off" }));
    part.textContent = words;
  } else if (!count) chip?.remove();
  else {
    const line =
      chip ??
      chips.appendChild(Object.assign(make("undo undo-waiting", "", "p"), { ariaLive: "off" }));
    line.dataset.of = combo;
    line.textContent = words;
  }
}

async function leave(chip) {
  if (!chip.isConnected || chip.asked) return;
  await goAway(chip);
}

async function goAway(chip) {
  if (!still.matches)
    await chip.animate([{ opacity: 1 }, { opacity: 0 }], { duration: 160 }).finished;
  chip.remove();
}

/** Ask until the server has answered: asking twice takes back once, and only the server knows
 * whether it was in time. */
async function takeBack(chip, words, { after, said }) {
  const button = chip.querySelector("button");
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  const what = chip.querySelector(".undo__what");
  let told;
  for (const wait of [...TRIES, 0]) {
    told = await ask(words.undoAll, [...chip.gifts.keys()].slice(-MOST_KEYS));
    if (told) break;
    if (what.textContent !== words.undoLost) said(words.undoLost);
    what.textContent = words.undoLost;
    chip.classList.add("is-lost");
    await pause(wait);
  }
  const line = told?.line ?? make("undo undo-done", told?.text || words.undoUnknown, "p");
  chip.replaceWith(line);
  if (told?.line) after(Number(line.dataset.balanceNow));
  said(line.textContent.trim());
  setTimeout(() => goAway(line), 4_000);
}

/** Return the server's answer: a chip that says how many coins returned, or the reason why not;
 * nothing without one. */
async function ask(address, keys) {
  const body = new URLSearchParams(keys.map((key) => ["key", key]));
  try {
    const response = await post(address, body, { patience: 15_000 });
    if (response.status >= 500 || response.status === 429) return undefined;
    const first = fragment(await response.text()).firstElementChild;
    if (response.ok && first?.matches(".undo")) return { line: first };
    // Signed out, or an old page: it was not taken back.
    return {
      text: response.headers.get("X-Error-Code")
        ? (first?.querySelector("[data-toast-text]") ?? first)?.textContent.trim()
        : "",
    };
  } catch {
    return undefined;
  }
}
