// The tray: choose, send, press again for a combo, confirm what is large, take back what was a slip.
// Every press has a key of its own, made here. A press that meets no network is kept and sent again with that key,
// so it arrives once or not at all. Presses that come while others are on their way go together.
// Without this file the tray is a plain form.
import { Outbox } from "./outbox.js";
import { keepChipsInSight, showUndo, showWaiting } from "./undo.js";
import { ask } from "./ask.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");

const spell = (count) => count.toLocaleString(document.documentElement.lang || undefined);
// By event, not by import: under its hashed name base.js would be loaded a second time.
const toast = (text, kind) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));

function dress(tray) {
  const form = tray.querySelector("[data-tray-form]");
  if (!form || tray.dataset.dressed) return;
  tray.dataset.dressed = "1";
  const tiles = [...tray.querySelectorAll("[data-tile]")];
  const chips = tray.querySelector("[data-chips]");
  const said = tray.querySelector("[data-said]");
  const message = form.elements.message;
  const combo = { tile: null, id: null, count: 0, message: "", timer: 0, ring: null };
  const tileOf = (slug) => tiles.find((one) => one.dataset.slug === slug);
  const many = (words, count) => (count > 1 ? tray.dataset[`${words}Many`].replace("{count}", spell(count)) : tray.dataset[words]);
  const waits = new Map(); // combo -> the gift's name, while presses of it are on the way

  const outbox = new Outbox({ one: tray.dataset.send, many: tray.dataset.sends, most: Number(tray.dataset.most) }, {
    heard,
    moved: () => count(),
    lost: (kept) => say(many("lost", kept)),
    back: (sent) => (toast(many("back", sent), "success"), say("")),
    givenUp: () => say(tray.dataset.givenUp),
  });

  /** Show of each combo how many presses are on the way, and mark the buttons whose gift is. */
  function count() {
    const busy = new Set();
    const left = new Map();
    for (const { fields } of outbox.line) {
      if (fields.combo) left.set(fields.combo, { slug: fields.gift, count: (left.get(fields.combo)?.count ?? 0) + 1 });
      else busy.add(fields.gift);
    }
    for (const [id, { slug }] of left) waits.set(id, tileOf(slug)?.dataset.name ?? "");
    for (const [id, name] of waits) {
      showWaiting(chips, id, left.get(id)?.count ?? 0, name);
      if (!left.has(id)) waits.delete(id);
    }
    for (const tile of tiles) {
      const button = tile.querySelector(".tile__send");
      if (busy.has(tile.dataset.slug)) button?.setAttribute("aria-busy", "true");
      else button?.removeAttribute("aria-busy");
    }
  }

  function say(text) {
    said.replaceChildren();
    if (!text) return;
    const line = document.createElement("p");
    line.className = "tray__lost";
    line.textContent = text;
    said.append(line);
  }

  function balance(coins) {
    const figure = tray.querySelector("[data-balance]");
    if (!figure || Number.isNaN(coins)) return;
    figure.dataset.balance = coins;
    figure.textContent = spell(coins);
    document.body.dispatchEvent(new CustomEvent("balance:changed", { bubbles: true }));
  }

  function endCombo() {
    clearTimeout(combo.timer);
    combo.ring?.cancel();
    if (combo.tile) {
      combo.tile.querySelector("[data-count]").textContent = "";
      combo.tile.classList.remove("is-combo");
    }
    Object.assign(combo, { tile: null, id: null, count: 0, message: "", ring: null });
  }

  function countUp(tile) {
    if (combo.tile !== tile) {
      endCombo();
      Object.assign(combo, { tile, id: crypto.randomUUID() });
    }
    combo.count += 1;
    clearTimeout(combo.timer);
    combo.timer = setTimeout(endCombo, Number(tray.dataset.comboMs));
    tile.classList.add("is-combo");
    const count = tile.querySelector("[data-count]");
    count.textContent = combo.count > 1 ? `×${combo.count}` : "";
    if (!still.matches) count.animate([{ scale: 1.6 }, { scale: 1 }], { duration: 160, easing: "ease-out" });
    combo.ring?.cancel();
    combo.ring = tile.querySelector("rect")?.animate([{ strokeDashoffset: 0 }, { strokeDashoffset: 1 }], {
      duration: Number(tray.dataset.comboMs),
      fill: "forwards",
    });
  }

  function press(tile) {
    const text = message.value.trim();
    const fields = { gift: tile.dataset.slug, quantity: 1, message: text };
    if (form.elements.anonymous.checked) fields.anonymous = "1";
    if ("combo" in tile.dataset) {
      countUp(tile);
      fields.combo = combo.id;
      // A combo says its sentence once.
      if (combo.message === text) fields.message = "";
      combo.message = text;
    }
    outbox.send(fields);
  }

  function heard(answers) {
    const sent = new Map();
    for (const one of answers.filter(({ answer }) => answer.status === 201)) {
      const together = one.fields.combo ?? one.fields.key;
      sent.set(together, [...(sent.get(together) ?? []), one]);
    }
    for (const presses of sent.values()) went(presses);
    const last = answers.findLast(({ answer }) => answer.status === 201);
    if (last) balance(Number(last.answer.body.dataset.balanceNow));
    // Presses of one combo are refused for one reason: it is said once.
    const refused = answers.find(({ answer }) => answer.status !== 201);
    if (refused) no(refused);
  }

  /** Presses of one combo, or a single one, are sent. */
  function went(presses) {
    const { gift, combo: id } = presses[0].fields;
    const tile = tileOf(gift);
    say("");
    if (presses.some(({ fields }) => fields.message === message.value.trim())) message.value = "";
    showUndo(chips, presses.map(({ answer }) => answer.body), id, {
      before: () => id && outbox.forget(id),
      after: (coins) => {
        // What was taken back is not counted on.
        if (id && combo.id === id) endCombo();
        balance(coins);
        count(); // what had left already comes to a chip of its own
      },
    });
    if (!still.matches) {
      const art = tile?.querySelector(".tile__art");
      art?.animate([{ translate: "0 0", opacity: 1 }, { translate: "0 -28px", opacity: 0, offset: 0.6 }, { translate: "0 8px", opacity: 0, offset: 0.61 }, { translate: "0 0", opacity: 1 }], { duration: 420, easing: "ease-out" });
    }
    // The sheet would lie over what was just paid for.
    if (tile?.dataset.big && tray.matches(":modal")) tray.close();
  }

  function no({ fields, answer }) {
    endCombo();
    const tile = tileOf(fields.gift);
    if (answer.code === "confirm_first" && tile) {
      confirm(tile, fields, answer.text);
      return;
    }
    said.replaceChildren(answer.fragment ?? "");
    if (!answer.fragment) toast(answer.text, "error");
    said.scrollIntoView({ block: "nearest" });
  }

  /** A large gift is not asked about when the coins are not there. The figure may be old, so it is read again first. */
  async function short(tile) {
    const figure = tray.querySelector("[data-balance]");
    const needed = Number(tile.dataset.coins);
    if (!figure || Number(figure.dataset.balance) >= needed) return false;
    const fresh = document.createElement("template");
    const answer = await fetch(tray.dataset.again, { headers: { "HX-Request": "true" } }).catch(() => undefined);
    fresh.innerHTML = (await answer?.text()) ?? "";
    const now = Number(fresh.content.querySelector("[data-balance]")?.dataset.balance ?? figure.dataset.balance);
    balance(now);
    if (now >= needed) return false;
    const line = tray.querySelector("[data-short]").content.firstElementChild.cloneNode(true);
    const sentence = line.querySelector(".grow");
    sentence.textContent = sentence.textContent.replace("{balance}", spell(now)).replace("{needed}", spell(needed));
    said.replaceChildren(line);
    line.scrollIntoView({ block: "nearest" });
    return true;
  }

  async function confirm(tile, fields, text = tile.dataset.confirm) {
    if (await short(tile)) return;
    const yes = await ask(tray.querySelector("[data-ask]"), {
      text: tile.dataset.confirm ?? text,
      art: tile.querySelector(".tile__art").src,
      hold: "hold" in tile.dataset,
    });
    if (yes) outbox.send({ ...fields, confirmed: "1" });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const tile = event.submitter?.closest("[data-tile]");
    const chosen = form.elements.gift.value;
    const wanted = tile?.dataset.slug === chosen ? tile : tileOf(chosen);
    if (!wanted) return;
    if (wanted.dataset.confirm) {
      confirm(wanted, { gift: wanted.dataset.slug, quantity: 1, message: message.value.trim(), ...(form.elements.anonymous.checked ? { anonymous: "1" } : {}) });
    } else press(wanted);
  });

  form.addEventListener("change", (event) => {
    if (event.target.name !== "gift") return;
    endCombo();
    said.replaceChildren();
    // A wide tile grows when chosen: keep all of it in sight.
    event.target.closest("[data-tile]").scrollIntoView({ block: "nearest", inline: "nearest", behavior: still.matches ? "auto" : "smooth" });
  });

  keepChipsInSight(tray, chips);
  count();
  kinds(tray);
}

/** Kinds: each button scrolls the tiles to its first gift, and the scrolled tiles light the button. */
function kinds(tray) {
  const buttons = [...tray.querySelectorAll("[data-kind]")];
  const row = tray.querySelector("[data-tiles]");
  const firsts = new Map([...tray.querySelectorAll("[data-shelf]")].map((shelf) => [shelf.dataset.shelf, shelf.querySelector("[data-tile]")]));
  const mark = (kind) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
    const pressed = buttons.find((button) => button.dataset.kind === kind);
    pressed.parentElement.scrollTo({ left: pressed.offsetLeft - 48 });
  };
  // Where a tile lies inside the row, whichever of its parents it is measured from.
  const at = (tile) => {
    const [one, all] = [tile.getBoundingClientRect(), row.getBoundingClientRect()];
    return { left: one.left - all.left + row.scrollLeft, top: one.top - all.top + row.scrollTop };
  };
  let quiet = 0; // until then the scrolling is ours
  for (const button of buttons) {
    button.addEventListener("click", () => {
      quiet = Date.now() + 600;
      mark(button.dataset.kind);
      const { left, top } = at(firsts.get(button.dataset.kind));
      row.scrollTo({ left: left - 3, top: top - 12, behavior: still.matches ? "auto" : "smooth" });
    });
  }
  let settled = 0;
  row.addEventListener("scroll", () => {
    clearTimeout(settled);
    settled = setTimeout(() => {
      if (Date.now() < quiet) return;
      const down = row.scrollHeight > row.clientHeight + 8;
      const seen = [...firsts].filter(([, tile]) => (down ? at(tile).top <= row.scrollTop + 40 : at(tile).left <= row.scrollLeft + 60));
      if (seen.length) mark(seen.at(-1)[0]);
    }, 100);
  });
}

document.querySelectorAll("[data-tray]").forEach(dress);
document.addEventListener("htmx:load", () => document.querySelectorAll("[data-tray]").forEach(dress));
