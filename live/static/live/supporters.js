// The supporters of this stream, counted from its events. A person who sends without a name, or
// privately, is not listed.
import { figure, find } from "../js/page.js";

function dress(list) {
  const shape = list.parentElement.querySelector("template[data-supporter]").content
    .firstElementChild;
  const count = find("[data-supporter-count]");
  const rows = new Map([...list.children].map((row) => [row.dataset.handle, row]));
  const gifts = new Map(); // who sent what can still be taken back: id -> handle
  for (const line of document.querySelectorAll("[data-chat] .line-gift[data-by]")) {
    for (const id of (line.dataset.gift ?? "").split(" ")) gifts.set(id, line.dataset.by);
  }

  function add(handle, coins, name) {
    let row = rows.get(handle);
    if (!row) {
      row = shape.cloneNode(true);
      Object.assign(row.dataset, { handle, coins: 0 });
      row.querySelector("[data-who]").textContent = name;
      rows.set(handle, row);
    }
    const sum = Number(row.dataset.coins) + coins;
    row.dataset.coins = sum;
    row.querySelector("[data-figure]").textContent = figure(sum);
    if (sum > 0) list.append(row);
    else {
      row.remove();
      rows.delete(handle);
    }
    const order = [...rows.values()].sort((a, b) => b.dataset.coins - a.dataset.coins);
    for (const [place, one] of order.entries())
      if (list.children[place] !== one) list.insertBefore(one, list.children[place] ?? null);
    count.textContent = figure(rows.size);
    list.parentElement.querySelector("[data-no-supporters]").hidden = rows.size > 0;
  }

  document.addEventListener("live:gift", ({ detail }) => {
    if (!detail.handle || detail.private || detail.replayed) return;
    gifts.set(detail.id, detail.handle);
    add(detail.handle, detail.coins, detail.from);
  });
  document.addEventListener("live:undo", ({ detail }) => {
    const handle = gifts.get(detail.id);
    if (handle && rows.has(handle)) add(handle, -detail.coins, "");
    gifts.delete(detail.id);
  });
}

document.querySelectorAll("[data-supporters]").forEach(dress);
