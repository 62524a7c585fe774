// The undo button: a ring that closes with the undo window. The presses of one combo share one,
// which says how many of them are sent, and how many are still on the way. One that is pressed says
// what is true until the server has answered.
import { figure, fragment, make, post, still } from "../../js/page.js";
import { pause } from "./outbox.js";

const MOST_KEYS = 200; // in one request; more than fit into a window
const TRIES = [600, 1_200, 2_500, 5_000, 8_000, 8_000, 8_000, 8_000, 8_000];

const itemOf = (list, combo) => combo && list.querySelector(`[data-of="${combo}"]`);
const holding = (list, key) =>
  [...list.children].find((item) => !item.asked && item.gifts?.has(key));

/** Put the undo button of gifts that were just sent into the list and return it. `answers` are the
 * server's buttons, one a press of one combo. `before()` is called when they are to be taken back,
 * `after(coins, keys)` gets what is left then and what was undone, `announce(text)` what screen
 * readers say. */
export function showUndo(list, answers, combo, { before, after, announce }) {
  const item = answers.at(-1);
  const earlier = itemOf(list, combo) ?? holding(list, item.dataset.undo);
  item.dataset.of = combo ?? "";
  item.gifts = new Map([
    ...(earlier?.gifts ?? []),
    ...answers.map((answer) => [answer.dataset.undo, Number(answer.dataset.quantity)]),
  ]);
  const sent = [...item.gifts.values()].reduce((sum, quantity) => sum + quantity, 0);
  const what = item.querySelector(".undo__what");
  if (sent > 1) what.textContent = `${figure(sent)} × ${what.textContent.replace(/^\d+ × /, "")}`;
  if (earlier) earlier.replaceWith(item);
  else list.append(item);
  if (!earlier?.gifts && !still.matches)
    item.animate(
      [
        { opacity: 0, translate: "0 8px" },
        { opacity: 1, translate: "0 0" },
      ],
      { duration: 160, easing: "ease-out" },
    );
  while (list.children.length > 3) list.firstElementChild.remove();
  item.ring = runOut(item);
  item.ring.onfinish = () => leave(item);
  item.addEventListener("submit", (event) => {
    event.preventDefault();
    if (item.asked) return;
    item.asked = true;
    item.dataset.of = ""; // presses that are still on the way come to a button of their own
    before();
    takeBack(item, list.dataset, { after, announce });
  });
  return item;
}

/** The ring shows how much of the whole window is left, also where a page was loaded in the middle
 * of it. */
function runOut(item) {
  const left = Number(item.dataset.ms);
  const whole = Math.max(left, Number(item.dataset.whole) || left);
  if (!left) {
    // The answer came late: it is sent, and that is all there is to say.
    item.querySelector("button").hidden = true;
    return item.animate([], { duration: 3_000 });
  }
  return item
    .querySelector("[data-ring]")
    .animate([{ strokeDashoffset: 1 - left / (whole || 1) }, { strokeDashoffset: 1 }], {
      duration: left,
      fill: "forwards",
    });
}

/** Say how many presses of a combo are still on the way; none takes the words away. */
export function showWaiting(list, combo, count, name) {
  const item = itemOf(list, combo);
  const shape = item?.gifts ? list.dataset.waitingToo : list.dataset.waiting;
  const words = count ? shape.replace("{count}", figure(count)).replace("{name}", name) : "";
  if (item?.gifts) {
    const what = item.querySelector(".undo__what");
    const part =
      what.querySelector(".undo__waiting") ??
      what.appendChild(Object.assign(make("undo__waiting", "", "span"), { ariaLive: "off" }));
    part.textContent = words;
  } else if (!count) item?.remove();
  else {
    const line =
      item ??
      list.appendChild(Object.assign(make("undo undo-waiting", "", "p"), { ariaLive: "off" }));
    line.dataset.of = combo;
    line.textContent = words;
  }
}

async function leave(item) {
  if (!item.isConnected || item.asked) return;
  await goAway(item);
}

async function goAway(item) {
  if (!still.matches)
    await item.animate([{ opacity: 1 }, { opacity: 0 }], { duration: 160 }).finished;
  item.remove();
}

/** Ask until the server has answered: asking twice takes back once, and only the server knows
 * whether it was in time. */
async function takeBack(item, words, { after, announce }) {
  const button = item.querySelector("button");
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  const what = item.querySelector(".undo__what");
  let answer;
  for (const wait of [...TRIES, 0]) {
    answer = await ask(words.undoAll, [...item.gifts.keys()].slice(-MOST_KEYS));
    if (answer) break;
    if (what.textContent !== words.undoLost) announce(words.undoLost);
    what.textContent = words.undoLost;
    item.classList.add("is-lost");
    await pause(wait);
  }
  const line = answer?.line ?? make("undo undo-done", answer?.text || words.undoUnknown, "p");
  item.replaceWith(line);
  if (answer?.line) after(Number(line.dataset.balanceNow), line.dataset.undone?.split(" ") ?? []);
  announce(line.textContent.trim());
  setTimeout(() => goAway(line), 4_000);
}

/** Return the server's answer: a line that says how many coins returned, or the reason why not;
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
