// What the creator collects for: counts up with each gift and down with what is taken back; a new
// goal comes as an event.
import { figure, priceLike } from "../js/page.js";

function dress(box) {
  const part = (name) => box.querySelector(`[data-goal-${name}]`);
  const money = priceLike(box.dataset);
  const said = (/** @type {string} */ words, /** @type {(_: number) => string} */ write) =>
    words.replace("{counted}", write(goal.counted)).replace("{target}", write(goal.target));
  let goal = {
    id: box.dataset.goal,
    unit: box.dataset.unit,
    counted: Number(box.dataset.counted),
    target: Number(box.dataset.target),
    title: part("title").textContent,
  };

  function show() {
    box.hidden = !goal.id;
    if (!goal.id) return;
    const done = goal.counted >= goal.target;
    part("title").textContent = goal.title;
    const inCoins = goal.unit === "coins";
    const counted = inCoins ? said(box.dataset.money, money) : said(box.dataset.gifts, figure);
    part("count").textContent = done ? box.dataset.reached : counted;
    part("coins").textContent = said(box.dataset.coins, figure);
    part("coins").hidden = !inCoins;
    part("bar").max = goal.target;
    part("bar").value = goal.counted;
    part("bar").setAttribute("aria-label", goal.title);
    box.classList.toggle("is-reached", done);
  }

  // What a replay tells again counted long ago; what a guest gets is theirs.
  const counts = (gift) => !gift.replayed && !gift.to_handle;
  const add = (gift, sign) => {
    if (!goal.id) return;
    goal.counted = Math.max(
      0,
      goal.counted + sign * (goal.unit === "coins" ? gift.coins : gift.quantity),
    );
    show();
  };

  document.addEventListener("live:gift", ({ detail }) => counts(detail) && add(detail, 1));
  document.addEventListener("live:undo", ({ detail }) => counts(detail) && add(detail, -1));
  document.addEventListener("live:goal", ({ detail }) => {
    goal = detail;
    show();
  });
  show();
}

document.querySelectorAll("[data-goal]").forEach(dress);
