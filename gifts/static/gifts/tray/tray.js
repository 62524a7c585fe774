// The tray: choose, send, press again for a combo, hold or confirm what is large, take back what
// was a slip.
// Every press has a key of its own, made here. A press that meets no network is kept and sent again
// with that key, so it arrives once or not at all. Presses that come while others are on their way
// go together.
// Without this file the tray is a plain form.
import { figure, origin, priceLike, still, toast } from "../../js/page.js";
import { Outbox } from "./outbox.js";
import { Combo } from "./combo.js";
import { NameChoice } from "./name_choice.js";
import { Receiver } from "./receiver.js";
import { Balance } from "./balance.js";
import { Notices } from "./notices.js";
import { MessageField } from "./message.js";
import { askToConfirm, ownThreshold } from "./confirm.js";
import { hold } from "./hold.js";
import { keepInSight } from "./undo_place.js";
import { openWhenThere } from "./opening.js";
import { wayToCoins } from "./ways.js";
import { hideOnReplay, momentSeen, showOnReplay } from "./on_replay.js";
import { kinds } from "./kinds.js";
import { showUndo, showWaiting } from "./undo.js";

function dress(tray) {
  const form = tray.querySelector("[data-tray-form]");
  if (!form || tray.dataset.dressed) return;
  tray.dataset.dressed = "1";
  kinds(tray);
  if (tray.dataset.who) new Sender(tray, form);
  else new Receiver(tray, form, () => undefined);
}

class Sender {
  constructor(tray, form) {
    this.tray = tray;
    this.form = form;
    this.tiles = [...tray.querySelectorAll("[data-tile]")];
    this.undoList = tray.querySelector("[data-undo-list]");
    this.notices = new Notices(tray);
    this.dialog = tray.querySelector("[data-ask]");
    this.asksFrom = Number(tray.dataset.asksFrom);
    this.waits = new Map(); // combo -> the gift's name, while presses of it are on the way
    this.message = new MessageField(tray.querySelector("[data-words]"), this.tiles);
    const price = priceLike(tray.dataset);
    this.combo = new Combo({
      window: Number(tray.dataset.comboMs),
      words: tray.dataset.comboOver,
      cost: (tile, count) => price(count * Number(tile.dataset.coins)),
    });
    // Another name is another combo: a person who counts up without a name must not stand in the
    // line that began with it.
    this.names = new NameChoice(tray.querySelector("[data-names]"), {
      changed: () => {
        this.combo.end();
        this.preview();
      },
    });
    // So is another receiver; what is held for the one before is let go.
    this.receiver = new Receiver(tray, form, () => {
      this.combo.end();
      tray.querySelector(".is-held")?.dispatchEvent(new Event("pointercancel"));
    });
    this.outbox = new Outbox(
      {
        one: tray.dataset.send,
        many: tray.dataset.sends,
        known: tray.dataset.known,
        most: Number(tray.dataset.most),
        who: tray.dataset.who,
      },
      {
        answered: (answers) => this.answered(answers),
        changed: () => this.outbox && this.count(),
        slow: (kept) => this.notices.say(this.many("slow", kept)),
        lost: (kept) => this.notices.say(this.many("lost", kept)),
        back: (sent) => {
          toast(this.many("back", sent), "success");
          this.notices.say("");
        },
        givenUp: (count) => this.notices.say(this.many("givenUp", count)),
        settled: (found) => this.settled(found),
        signedOut: () =>
          this.notices.say(
            tray.dataset.signedOut,
            tray.querySelector("[data-sign-in]").content.cloneNode(true),
          ),
      },
    );
    this.balance = new Balance(
      tray,
      () => this.outbox.balance(),
      (coins) => this.tellWhatIsDear(coins),
    );
    this.listen();
    this.showWhatCanBeUndone();
    keepInSight(tray, this.undoList);
    this.count();
  }

  listen() {
    const { form, tray } = this;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const tile = event.submitter?.closest("[data-tile]");
      const chosen = this.tileOf(form.elements.gift.value);
      const wanted = tile === chosen ? tile : chosen;
      if (wanted) this.want(wanted);
    });
    form.addEventListener(
      "change",
      (event) => event.target.name === "gift" && this.choose(event.target.closest("[data-tile]")),
    );
    form.addEventListener("input", (event) => event.target.name === "message" && this.wrote());
    // A key that is held down must not rain gifts.
    form.addEventListener(
      "keydown",
      (event) => event.repeat && origin(event).matches(".tile__send") && event.preventDefault(),
    );
    for (const tile of this.tiles.filter((one) => "hold" in one.dataset)) {
      const button = tile.querySelector("[data-hold-button]");
      if (button)
        hold(button, {
          held: () => this.want(tile, { held: true }),
          early: () => this.early(tile),
          ask: () => this.want(tile),
        });
    }
    document.addEventListener("keydown", (event) => {
      if (
        event.key !== "z" ||
        !(event.ctrlKey || event.metaKey) ||
        origin(event).matches?.("input:not([type=radio]), textarea")
      )
        return;
      const last = [...this.undoList.querySelectorAll("form[data-undo]")].at(-1);
      if (!last) return;
      event.preventDefault();
      last.requestSubmit();
    });
    ownThreshold(this.dialog, { changed: (coins) => (this.asksFrom = coins) });
    // A page that comes back from the browser's cache may have slept through the end of a combo.
    addEventListener("pagehide", () => this.combo.end());
    const chosen = form.elements.gift.value;
    if (chosen) this.choose(this.tileOf(chosen));
    else this.message.choose(null);
    tray.querySelector("[data-names-button]").addEventListener("click", () => this.preview());
  }

  tileOf(slug) {
    return this.tiles.find((one) => one.dataset.slug === slug);
  }

  many(words, count) {
    return this.tray.dataset[count > 1 ? `${words}Many` : words].replace("{count}", figure(count));
  }

  choose(tile) {
    this.combo.end();
    this.notices.say("");
    this.message.choose(tile);
    this.preview();
    if (tile.dataset.locked) this.sayWhyLocked(tile);
    // A chosen tile shows more: keep all of it in sight.
    tile.scrollIntoView({
      block: "nearest",
      inline: "nearest",
      behavior: still.matches ? "auto" : "smooth",
    });
  }

  /** The message goes along to the coins page, and comes back from there. */
  wrote() {
    this.preview();
    this.tellWhatIsDear(this.balance.coins);
  }

  preview() {
    this.names.preview(this.tileOf(this.form.elements.gift.value), this.message.text);
  }

  /** Show of each combo how many presses are on the way, and mark the buttons whose gift is. */
  count() {
    const busy = new Set();
    const left = new Map();
    for (const { fields } of this.outbox.line) {
      if (fields.combo)
        left.set(fields.combo, {
          slug: fields.gift,
          count: (left.get(fields.combo)?.count ?? 0) + 1,
        });
      else busy.add(fields.gift);
    }
    for (const [id, { slug }] of left) this.waits.set(id, this.tileOf(slug)?.dataset.name ?? "");
    for (const [id, name] of this.waits) {
      showWaiting(this.undoList, id, left.get(id)?.count ?? 0, name);
      if (!left.has(id)) this.waits.delete(id);
    }
    for (const tile of this.tiles) {
      const button = tile.querySelector(".tile__send");
      if (busy.has(tile.dataset.slug)) button?.setAttribute("aria-busy", "true");
      else button?.removeAttribute("aria-busy");
    }
  }

  /** Send this gift, as soon as everything is asked that has to be. `held`: it was, and that is a
   * yes. */
  async want(tile, { held = false } = {}) {
    const to = this.receiver.id; // who was asked about gets it, or nobody
    if (tile.dataset.locked) {
      this.sayWhyLocked(tile);
      return;
    }
    const refusal = this.message.refusal(tile);
    if (refusal) {
      this.notices.say(refusal);
      this.message.field.focus();
      return;
    }
    const questions = this.questions(tile, held);
    if (await this.short(tile)) return;
    if (!questions.length && !held) {
      this.press(tile);
      return;
    }
    const art = tile.querySelector(".tile__art").src;
    const yes = !questions.length || (await askToConfirm(this.dialog, { questions, art }));
    if (yes) this.send(tile, { confirmed: "1", to });
  }

  sayWhyLocked(tile) {
    const way = "overLimit" in tile.dataset && this.tray.querySelector("[data-limits]").content;
    this.notices.say(tile.dataset.locked, way ? way.cloneNode(true) : undefined);
  }

  /** A gift that the coins do not reach for has a button that sells what is missing. */
  tellWhatIsDear(coins) {
    for (const tile of this.tiles) {
      const more = /** @type {HTMLAnchorElement | null} */ (tile.querySelector(".tile__more"));
      if (!more) continue;
      const missing = Math.max(0, Number(tile.dataset.coins) - coins);
      const held = tile.contains(document.activeElement) && document.activeElement;
      tile.classList.toggle("is-dear", missing > 0);
      tile.querySelector("[data-missing]").textContent = figure(missing);
      more.href = this.wayTo(more.href, missing);
      if (held && !held.checkVisibility())
        [...tile.querySelectorAll(".tile__send, .tile__more")]
          .find((one) => one.checkVisibility())
          ?.focus();
    }
  }

  wayTo(href, coins) {
    return wayToCoins(href, coins, this.message.text);
  }

  /** What has to be asked before this gift leaves. */
  questions(tile, held) {
    const { coins, price, gets, name } = tile.dataset;
    const fill = (words) =>
      words
        .replace("{gift}", name)
        .replace("{coins}", figure(Number(coins)))
        .replace("{price}", price)
        .replace("{to}", this.receiver.name)
        .replace("{gets}", gets);
    const first =
      Number(coins) >= this.asksFrom || "hold" in tile.dataset || "twice" in tile.dataset;
    const questions = [];
    if (first && !held) questions.push(fill(this.tray.dataset.question));
    if ("twice" in tile.dataset) questions.push(fill(this.tray.dataset.questionAgain));
    return questions;
  }

  press(tile) {
    if (!("combo" in tile.dataset)) return this.send(tile);
    const combo = this.combo.press(tile);
    return this.send(tile, { combo, message: this.combo.news(this.message.text) });
  }

  send(tile, more = {}) {
    this.outbox.send({
      gift: tile.dataset.slug,
      quantity: 1,
      message: this.message.text,
      anonymous: this.names.anonymous ? "1" : undefined,
      to: this.receiver.id,
      moment: momentSeen(this.form),
      ...more,
    });
  }

  early(tile) {
    const again = this.tray.querySelector("[data-instead]").content.cloneNode(true);
    again.querySelector("button").addEventListener("click", () => this.want(tile));
    this.notices.say(this.tray.dataset.early, again);
  }

  answered(answers) {
    const sent = new Map();
    for (const one of answers.filter(({ answer }) => answer.status === 201)) {
      const together = one.fields.combo ?? one.fields.key;
      sent.set(together, [...(sent.get(together) ?? []), one]);
    }
    for (const presses of sent.values()) this.sent(presses);
    const last = answers.findLast(({ answer }) => answer.status === 201);
    if (last) this.balance.is(Number(last.answer.body.dataset.balanceNow));
    // Presses of one combo are refused for one reason: it is said once.
    const refusal = answers.find(({ answer }) => answer.status !== 201);
    if (refusal) this.refused(refusal);
  }

  /** Presses of one combo, or a single one, are sent. */
  sent(presses) {
    const { gift, combo } = presses[0].fields;
    const tile = this.tileOf(gift);
    this.notices.say("");
    for (const { fields, answer } of presses) {
      this.message.sent(fields.message);
      showOnReplay(answer.body);
    }
    this.offerUndo(
      presses.map(({ answer }) => answer.body),
      combo,
    );
    this.notices.announce(this.tray.dataset.sentAloud);
    if (!still.matches) {
      const art = tile?.querySelector(".tile__art");
      art?.animate(
        [
          { translate: "0 0", opacity: 1 },
          { translate: "0 -28px", opacity: 0, offset: 0.6 },
          { translate: "0 8px", opacity: 0, offset: 0.61 },
          { translate: "0 0", opacity: 1 },
        ],
        { duration: 420, easing: "ease-out" },
      );
    }
    // The sheet would lie over what was just paid for.
    if (tile?.dataset.big && this.tray.matches(":modal")) this.tray.close();
  }

  offerUndo(items, combo) {
    showUndo(this.undoList, items, combo, {
      before: () => combo && this.outbox.forget(combo),
      announce: (text) => this.notices.announce(text),
      after: (coins, undone) => {
        hideOnReplay(undone);
        // What was taken back is not counted on.
        if (combo && this.combo.id === combo) this.combo.end();
        this.balance.is(coins);
        this.count(); // what had left already comes to an undo button of its own
      },
    });
  }

  /** What was sent before this page was loaded, and can still be taken back. */
  showWhatCanBeUndone() {
    const together = new Map();
    for (const item of [...this.undoList.children]) {
      const one = item.dataset.combo || item.dataset.undo;
      together.set(one, [...(together.get(one) ?? []), item]);
      item.remove();
    }
    for (const items of together.values())
      this.offerUndo(items, items[0].dataset.combo || undefined);
  }

  /** Presses that were too old to be sent again: what became of them. */
  settled({ arrived, not, balance }) {
    this.balance.is(balance);
    this.notices.say(
      [arrived && this.many("arrived", arrived), not && this.many("notSent", not)]
        .filter(Boolean)
        .join(" "),
    );
  }

  async refused({ fields, answer }) {
    this.combo.end();
    const tile = this.tileOf(fields.gift);
    if (answer.code === "confirm_first" && tile) {
      // The server asks from less on than this page knew: the person, or staff, changed it
      // meanwhile.
      this.asksFrom = Math.min(this.asksFrom, Number(tile.dataset.coins));
      await this.want(tile);
      return;
    }
    this.notices.refuse(answer);
    if (answer.code?.startsWith("message")) this.message.field.focus();
  }

  /** A large gift is not asked about when the coins are not there. The figure may be old, so it is
   * read again first. */
  async short(tile) {
    const needed = Number(tile.dataset.coins);
    if (this.balance.coins < needed) await this.balance.fresh();
    if (this.balance.coins >= needed) return false;
    const line = this.tray.querySelector("[data-short]").content.firstElementChild.cloneNode(true);
    const sentence = line.querySelector(".grow");
    sentence.textContent = sentence.textContent
      .replace("{balance}", figure(this.balance.coins))
      .replace("{needed}", figure(needed));
    line.querySelector("a").href = this.wayTo(
      tile.querySelector(".tile__more").href,
      needed - this.balance.coins,
    );
    this.notices.show(line);
    return true;
  }
}

openWhenThere();
document.querySelectorAll("[data-tray]").forEach(dress);
document.addEventListener("htmx:load", () =>
  document.querySelectorAll("[data-tray]").forEach(dress),
);
