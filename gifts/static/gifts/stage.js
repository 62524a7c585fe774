// The stage: plays every gift that the room hears of over the video, and tells it to those who listen.
// Small gifts play at once, large and full-screen ones wait their turn. `data-stage` holds the words and the address of the art.
import { playAtOnce, playInTurn } from "./acts.js";
import { Streaks } from "./streaks.js";
import { Teller } from "./teller.js";

// Replayed after a cut: what is older than this is history, not a show.
const FRESH_MS = 20_000;

function dress(stage) {
  const words = {
    somebody: stage.dataset.somebody ?? "Somebody",
    sent: stage.dataset.sent ?? "{from} sent {gift}, {coins} coins",
    line: stage.dataset.line ?? "{from} sent {gift}",
    many: stage.dataset.many ?? "{count} gifts, {coins} coins",
    thanks: stage.dataset.thanks ?? "{by} thanks {to} for {gift}",
    undone: stage.dataset.undone ?? "{from} took back {gift}",
    skip: stage.dataset.skip ?? "Skip",
  };
  const place = {};
  for (const name of ["edge", "lower", "side", "frame", "streaks", "notes"]) {
    place[name] = document.createElement("div");
    place[name].className = `stage__${name}`;
    place[name].setAttribute("aria-hidden", "true");
    stage.append(place[name]);
  }
  const teller = new Teller(stage, words);
  const streaks = new Streaks(place.streaks);
  const known = new Map(); // id -> what to stop when the gift is taken back
  const queue = [];
  let showing = false;

  const look = (gift) => ({
    ...gift,
    who: gift.from || words.somebody,
    src: new URL(gift.art, new URL(stage.dataset.static || "/static/", location.href)).href,
    what: gift.quantity > 1 ? `${gift.quantity} × ${gift.name}` : gift.name,
  });

  async function next() {
    if (showing || !queue.length) return;
    showing = true;
    const gift = queue.shift();
    // A long queue is played faster; nobody's gift is dropped.
    const pace = queue.length > 3 ? 0.6 : 1;
    const act = playInTurn(gift, { stage, place, words, pace });
    known.set(gift.id, act);
    await act.done;
    showing = false;
    next();
  }

  document.addEventListener("live:gift", ({ detail }) => {
    if (!detail?.id || known.has(detail.id)) return;
    known.set(detail.id, null);
    if (known.size > 500) known.delete(known.keys().next().value);
    const gift = look(detail);
    teller.gift(gift);
    if (document.hidden || Date.now() - new Date(detail.at ?? Date.now()) > FRESH_MS) return;
    if (gift.kind === "sticker" || gift.kind === "small") streaks.add(gift);
    if (gift.kind === "large" || gift.kind === "full") {
      queue.push(gift);
      next();
    } else known.set(gift.id, playAtOnce(gift, { stage, place, words }));
  });

  document.addEventListener("live:undo", ({ detail }) => {
    known.get(detail.id)?.stop();
    const waiting = queue.findIndex((gift) => gift.id === detail.id);
    if (waiting >= 0) queue.splice(waiting, 1);
    streaks.remove(detail.id);
  });

  document.addEventListener("live:thanks", ({ detail }) => {
    const text = words.thanks.replace("{by}", detail.by).replace("{to}", detail.to || words.somebody).replace("{gift}", detail.name);
    teller.say(text);
    streaks.note(place.notes, text);
  });
}

document.querySelectorAll("[data-stage]").forEach(dress);
