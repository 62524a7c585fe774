// Who supports this stream, counted from its events. Who sends without a name, or privately, is not
// listed.
const number = new Intl.NumberFormat(document.documentElement.lang || undefined);

function dress(list) {
  const shape = list.parentElement.querySelector("template[data-supporter]").content
    .firstElementChild;
  const figure = document.querySelector("[data-supporter-count]");
  const rows = new Map([...list.children].map((row) => [row.dataset.handle, row]));
  const gifts = new Map(); // who sent what can still be taken back: id -> handle
  for (const line of document.querySelectorAll("[data-chat] .line-gift[data-by]")) {
    for (const id of line.dataset.gift.split(" ")) gifts.set(id, line.dataset.by);
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
    row.querySelector("[data-figure]").textContent = number.format(sum);
    if (sum > 0) list.append(row);
    else {
      row.remove();
      rows.delete(handle);
    }
    const order = [...rows.values()].sort((a, b) => b.dataset.coins - a.dataset.coins);
    order.forEach(
      (one, place) =>
        list.children[place] !== one && list.insertBefore(one, list.children[place] ?? null),
    );
    figure.textContent = number.format(rows.size);
    list.parentElement.querySelector("[data-no-supporters]").hidden = rows.size > 0;
  }

  document.addEventListener("live:gift", ({ detail }) => {
    if (!detail.handle || detail.private) return;
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
