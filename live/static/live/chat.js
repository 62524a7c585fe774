// The chat's lines: what is said, gifts (a combo is one line that counts up), thanks. Text only,
// never markup.
// A page shows the kinds it has a shape for: the creator's console has a list of its own for gifts.
// Who reads further up is not moved; a mark says how much is new.
const MOST_LINES = 200;
const ROOM = 60; // lines more before the oldest go: all of them are painted again when one goes
const PAUSE_MS = 200; // between two looks at the list: a rain of gifts is drawn together
import { figure, origin, priceLike, still } from "../js/page.js";

function dress(list) {
  const frame = list.closest("[data-chat-frame]");
  const newer = frame.querySelector("[data-newer]");
  const shapes = Object.fromEntries(
    [...frame.querySelectorAll("template[data-line]")].map((shape) => [
      shape.dataset.line,
      shape.content.firstElementChild,
    ]),
  );
  const word = (name) => frame.querySelector(`template[data-word="${name}"]`)?.content.textContent;
  const somebody = word("somebody");
  const guest = word("guest");
  const hidden = word("hidden");
  const money = priceLike(frame.dataset);
  const art = new URL(list.dataset.static || "/static/", location.href);
  let waiting = 0;

  const fill = (line, name, text) => {
    line.querySelector(`[data-${name}]`).textContent = text ?? "";
  };
  const atEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < 48;
  const toEnd = () => {
    list.scrollTop = list.scrollHeight;
    waiting = 0;
    newer.hidden = true;
  };

  let fresh = []; // lines that are not in the list yet
  let drawn = 0;
  let soon = 0;

  function add(line, id) {
    line.dataset.event = id;
    fresh.push(line);
    if (!soon) soon = setTimeout(draw, Math.max(0, drawn + PAUSE_MS - performance.now()));
  }

  function draw() {
    const follow = atEnd();
    soon = 0;
    drawn = performance.now();
    const lines = follow ? fresh.slice(-MOST_LINES) : fresh;
    fresh = [];
    if (!lines.length) return;
    for (const line of lines) line.classList.toggle("is-new", lines.length < 4);
    frame.querySelector("[data-quiet]").hidden = true;
    if (follow) {
      const over = list.childElementCount + lines.length - MOST_LINES;
      if (over > ROOM) for (const old of [...list.children].slice(0, over)) old.remove();
      list.append(...lines);
      toEnd();
    } else {
      list.append(...lines);
      waiting += lines.length;
      newer.querySelector("[data-newer-count]").textContent = figure(waiting);
      newer.hidden = false;
    }
  }

  /** The lines of gifts, those that are about to be drawn with them. */
  const gifts = () => [
    ...list.querySelectorAll(".line-gift"),
    ...fresh.filter((line) => line.matches(".line-gift")),
  ];

  const shape = (kind) => shapes[kind].cloneNode(true);

  function count(line, quantity, coins) {
    line.dataset.quantity = quantity;
    line.dataset.coins = coins;
    fill(line, "count", quantity > 1 ? `×${quantity}` : "");
    fill(line, "money", money(coins));
    fill(line, "figure", figure(coins));
  }

  /** The words of a gift, and whose they are: of a combo only one press has some. */
  function say(line, { id, message = "" }) {
    line.dataset.words = id;
    line.classList.remove("is-hidden");
    fill(line, "text", message);
  }

  document.addEventListener("live:chat", ({ detail }) => {
    if (!detail.text) return; // its words were taken away before it came
    const line = shape("chat");
    line.dataset.by = detail.handle;
    fill(line, "who", detail.from ?? somebody);
    fill(line, "text", detail.text);
    line.classList.toggle("is-host", Boolean(detail.creator));
    add(line, detail.event_id);
  });

  document.addEventListener("live:gift", ({ detail }) => {
    if (!shapes.gift) return;
    const running = detail.combo && gifts().findLast((line) => line.dataset.combo === detail.combo);
    if (running) {
      running.dataset.gift += ` ${detail.id}`;
      count(
        running,
        Number(running.dataset.quantity) + detail.quantity,
        Number(running.dataset.coins) + detail.coins,
      );
      if (detail.message) say(running, detail);
      return;
    }
    const line = shape("gift");
    line.setAttribute("aria-hidden", "true"); // the stage says it to those who listen
    line.dataset.gift = detail.id;
    line.dataset.combo = detail.combo ?? "";
    line.querySelector("img").src = new URL(detail.art, art).href;
    fill(line, "who", detail.from ?? somebody);
    fill(line, "name", detail.name);
    if (detail.to_handle) {
      fill(line, "to", detail.to || guest);
      line.querySelector("[data-whom]").hidden = false;
    }
    say(line, detail);
    count(line, detail.quantity, detail.coins);
    add(line, detail.event_id);
  });

  document.addEventListener("live:undo", ({ detail }) => {
    const line = gifts().find((one) => one.dataset.gift.split(" ").includes(detail.id));
    if (!line) return;
    const left = Number(line.dataset.quantity) - detail.quantity;
    if (left > 0) count(line, left, Number(line.dataset.coins) - detail.coins);
    else leave(line);
  });

  /** A line that was taken back fades out; one that was not shown yet never comes. */
  async function leave(line) {
    fresh = fresh.filter((one) => one !== line);
    line.dataset.gift = line.dataset.combo = ""; // a later press gets a line of its own
    if (line.isConnected && !still.matches)
      await line.animate([{ opacity: 1 }, { opacity: 0 }], { duration: 180, fill: "forwards" })
        .finished;
    line.remove();
  }

  // A moderator took words away: everybody's page forgets them.
  document.addEventListener("live:hide", ({ detail }) => {
    const line = detail.event
      ? [...list.children, ...fresh].find((one) => one.dataset.event === String(detail.event))
      : gifts().find((one) =>
          (one.dataset.words ?? one.dataset.gift).split(" ").includes(detail.id),
        );
    const words = line?.querySelector("[data-text]");
    if (!words?.textContent) return;
    if (hidden) {
      words.textContent = hidden;
      line.classList.add("is-hidden");
    } else leave(line);
  });

  document.addEventListener("live:thanks", ({ detail }) => {
    if (!shapes.thanks) return;
    const line = shape("thanks");
    line.setAttribute("aria-hidden", "true");
    fill(line, "who", detail.by);
    fill(line, "to", detail.to ?? somebody);
    fill(line, "name", detail.name);
    add(line, detail.event_id);
  });

  // A replay begins anew somewhere else.
  document.addEventListener("live:rewind", () => {
    fresh = [];
    list.replaceChildren();
    toEnd();
  });

  newer.addEventListener("click", toEnd);
  list.addEventListener("scroll", () => atEnd() && !newer.hidden && toEnd());
  new ResizeObserver(() => waiting || toEnd()).observe(list);
  toEnd();
}

document.querySelectorAll("[data-chat]").forEach(dress);
// The server answers a message that was taken with this event; a refused one stays in the field.
document.addEventListener("said", (event) =>
  /** @type {HTMLFormElement | null} */ (origin(event).closest("[data-say]"))?.reset(),
);

// One line a second: a person who writes faster waits a moment instead of being told so.
const PACE_MS = 1_000;
let free = 0;
document.addEventListener("htmx:confirm", (event) => {
  if (!origin(event).matches("[data-say]")) return;
  event.preventDefault();
  setTimeout(() => event.detail.issueRequest(true), Math.max(0, free - Date.now()));
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (origin(event).matches?.("[data-say]")) free = Date.now() + PACE_MS;
});
/** @type {NodeListOf<HTMLFormElement>} */
const says = document.querySelectorAll("[data-say]");
for (const form of says)
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("X-Error-Code") !== "too_fast") return;
    event.preventDefault(); // somewhere else the same person was faster
    setTimeout(() => form.requestSubmit(), PACE_MS);
  });
