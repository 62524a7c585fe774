// The creator's console: gifts as they come, newest first, thanked by pressing their line.
// Lines never move under a finger: while the list is touched, new ones wait behind a small sign.
import { figure, moneyLike, post, still } from "../js/page.js";
import { earnings } from "./earnings.js";
import { showRefusal } from "./refusals.js";

function dress(room) {
  const list = room.querySelector("[data-lines]");
  const shape = room.querySelector("[data-shape]");
  const sign = room.querySelector("[data-new]");
  const none = room.querySelector("[data-none]");
  const waiting = [];
  const lineOf = (key) =>
    [...list.children, ...waiting].find((line) => line.dataset.keys.split(" ").includes(key));

  const totals = {
    coins: room.querySelector("[data-total-coins]"),
    gifts: room.querySelector("[data-total-gifts]"),
    earned: room.querySelector("[data-total-earned]"),
  };
  const earned = totals.earned && earnings(totals.earned.dataset);
  const money = totals.earned && moneyLike(totals.earned.dataset.example);

  function add(coins, gifts) {
    if (!totals.coins) return;
    totals.coins.dataset.totalCoins = Number(totals.coins.dataset.totalCoins) + coins;
    totals.gifts.dataset.totalGifts = Number(totals.gifts.dataset.totalGifts) + gifts;
    totals.coins.textContent = figure(totals.coins.dataset.totalCoins);
    totals.gifts.textContent = figure(totals.gifts.dataset.totalGifts);
    totals.earned.textContent = money(earned(coins));
  }

  function showSums(line) {
    line.querySelector("[data-sum]").textContent = figure(line.dataset.coins);
    line.querySelector("[data-count]").textContent =
      line.dataset.quantity > 1 ? ` ×${line.dataset.quantity}` : "";
  }

  // A moderator's console has lines without thanks.
  const thankFor = (line, gift) => {
    const press = line.querySelector("[data-thank]");
    if (press) press.formAction = room.dataset.thankUrl.replace(/0{8}-[0-]+/, gift.id);
  };

  /** A guest got it, who thanks for it. */
  function forGuest(line, gift) {
    const to = line.querySelector("[data-to]");
    to.textContent = gift.to || to.dataset.guest;
    line.querySelector("[data-whom]").hidden = false;
    line.querySelector(".line__thank")?.remove();
    const press = line.querySelector("[data-thank]");
    if (press) press.disabled = true;
  }

  function showMessage(line, gift) {
    if (!gift.message) return;
    line.dataset.words = gift.id;
    const message = line.querySelector("[data-message]");
    message.textContent = gift.message;
    message.hidden = false;
  }

  function make(gift) {
    const line = shape.content.firstElementChild.cloneNode(true);
    Object.assign(line.dataset, {
      keys: gift.id,
      by: gift.handle ?? "",
      combo: gift.combo ?? "",
      coins: gift.coins,
      quantity: gift.quantity,
    });
    line.classList.toggle("is-big", gift.kind === "large" || gift.kind === "full");
    thankFor(line, gift);
    line.querySelector("[data-art]").src = new URL(
      gift.art,
      new URL(room.dataset.static, location.href),
    ).href;
    if (gift.from) line.querySelector("[data-who]").textContent = gift.from;
    line.querySelector("[data-name]").textContent = gift.name;
    line.querySelector("time").dateTime = gift.at;
    if (gift.to_handle) forGuest(line, gift);
    showMessage(line, gift);
    showSums(line);
    return line;
  }

  const touched = () => list.matches(":hover, :focus-within") || list.scrollTop > 40;

  function show() {
    const at = list.scrollTop;
    for (const line of waiting.splice(0)) {
      list.prepend(line);
      if (!still.matches)
        line.animate(
          [
            { opacity: 0, translate: "0 -8px" },
            { opacity: 1, translate: "0 0" },
          ],
          { duration: 180, easing: "ease-out" },
        );
    }
    while (list.children.length > 400) list.lastElementChild.remove();
    sign.hidden = true;
    if (none) none.hidden = true;
    list.scrollTop = at;
  }

  document.addEventListener("live:gift", ({ detail: gift }) => {
    if (!shape || lineOf(gift.id)) return;
    if (!gift.to_handle) add(gift.coins, 1);
    const running =
      gift.combo &&
      [...list.children, ...waiting].find((line) => line.dataset.combo === gift.combo);
    if (running) {
      running.dataset.keys += ` ${gift.id}`;
      running.dataset.coins = Number(running.dataset.coins) + gift.coins;
      running.dataset.quantity = Number(running.dataset.quantity) + gift.quantity;
      // Thanks go to the newest press, and only for what was not thanked yet.
      thankFor(running, gift);
      showMessage(running, gift);
      showSums(running);
      return;
    }
    waiting.push(make(gift));
    if (touched() && list.children.length) {
      sign.querySelector("[data-new-count]").textContent = waiting.length;
      sign.hidden = false;
    } else show();
  });

  document.addEventListener("live:undo", ({ detail }) => {
    const line = lineOf(detail.id);
    if (!line || line.dataset.gone?.includes(detail.id)) return;
    line.dataset.gone = `${line.dataset.gone ?? ""} ${detail.id}`;
    if (!detail.to_handle) add(-detail.coins, -1);
    line.dataset.coins = Number(line.dataset.coins) - detail.coins;
    line.dataset.quantity = Number(line.dataset.quantity) - detail.quantity;
    if (Number(line.dataset.quantity) > 0) return showSums(line);
    // It fades in place: pulling it out would move the lines below under the finger.
    line.classList.add("is-undone");
    const press = line.querySelector("[data-thank]");
    if (press) press.disabled = true;
    return undefined;
  });

  const thanked = (line) => {
    line.classList.add("is-thanked");
    const press = line.querySelector("[data-thank]");
    if (press) press.disabled = true;
  };
  document.addEventListener("live:thanks", ({ detail }) => {
    const line = lineOf(detail.id);
    if (line) thanked(line);
  });

  room.addEventListener("submit", async (event) => {
    const press = event.submitter;
    if (!press?.matches("[data-thank]")) return;
    event.preventDefault();
    const line = press.closest("[data-line]");
    thanked(line);
    const answer = await post(press.formAction).catch(() => undefined);
    if (answer?.ok) return;
    line.classList.remove("is-thanked");
    press.disabled = false;
    await showRefusal(answer);
  });

  sign.addEventListener("click", () => {
    list.scrollTo({ top: 0, behavior: still.matches ? "auto" : "smooth" });
    show();
  });
  // On the way to the sign nothing may slide in beneath: the press would thank for another gift.
  const leave = (to) =>
    waiting.length && list.scrollTop <= 40 && !sign.contains(to) && !list.contains(to) && show();
  for (const part of [list, sign])
    part.addEventListener("pointerleave", (event) => leave(event.relatedTarget));
  list.addEventListener(
    "scroll",
    () => waiting.length && list.scrollTop <= 4 && !list.matches(":hover") && show(),
  );

  document.addEventListener("live:viewers", ({ detail }) => {
    const place = room.querySelector("[data-viewers]");
    if (place) place.textContent = figure(detail.viewers);
  });
  document.addEventListener("live:cut", () =>
    room.querySelector("[data-cut]")?.removeAttribute("hidden"),
  );
  document.addEventListener("live:connected", () =>
    room.querySelector("[data-cut]")?.setAttribute("hidden", ""),
  );
  document.addEventListener("live:ended", () => location.reload());
}

document.querySelectorAll("[data-console]").forEach(dress);
