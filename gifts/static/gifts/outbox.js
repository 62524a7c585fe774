// Presses on their way. A press keeps its key until the server has answered it, over reloads too.
// A lone press leaves at once; what is pressed while a request is under way goes together in the next one.
const SOON = [500, 1_000, 2_000, 4_000, 8_000];
// After this the moment is over: an old press must not go off by itself.
const TOO_OLD = 60_000;

const pause = (ms) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    addEventListener("online", () => (clearTimeout(timer), done()), { once: true });
  });

export class Outbox {
  /** `one` and `many` are the addresses for a press and for a set of up to `most`. */
  constructor({ one, many, most }, { heard, moved, lost, back, givenUp }) {
    Object.assign(this, { one, many, most, heard, moved, lost, back, givenUp, store: `outbox:${one}` });
    this.line = []; // presses without an answer, in their order
    this.busy = false;
    this.away = false; // the server does not answer
    const kept = this.kept();
    this.drop(kept.filter((press) => Date.now() - press.at > TOO_OLD));
    this.line = this.kept().map((press) => ({ ...press, left: true, before: true }));
    this.run();
  }

  kept() {
    return JSON.parse(sessionStorage.getItem(this.store) ?? "[]");
  }

  keep({ fields, at }) {
    sessionStorage.setItem(this.store, JSON.stringify([...this.kept(), { fields, at }]));
  }

  drop(presses) {
    const keys = new Set(presses.map((press) => press.fields.key));
    this.line = this.line.filter((press) => !keys.has(press.fields.key));
    sessionStorage.setItem(this.store, JSON.stringify(this.kept().filter((press) => !keys.has(press.fields.key))));
  }

  /** Send a press; what becomes of it is told to `heard`. */
  send(fields) {
    const press = { fields: { ...fields, key: crypto.randomUUID() }, at: Date.now() };
    this.keep(press);
    this.line.push(press);
    this.moved();
    if (this.away) this.lost(this.line.length);
    this.run();
  }

  /** Drop the presses of a combo that have not left yet. */
  forget(combo) {
    this.drop(this.line.filter((press) => press.fields.combo === combo && !press.left));
    this.moved();
  }

  async run() {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let turn = 0; this.line.length; ) {
        const set = this.line.slice(0, this.most);
        for (const press of set) press.left = true;
        const answers = await this.ask(set);
        if (answers) {
          turn = 0;
          this.arrived(set, answers);
        } else {
          this.away = true;
          this.giveUpTheOld();
          if (!this.line.length) break;
          this.lost(this.line.length);
          await pause(SOON[Math.min(turn++, SOON.length - 1)]);
        }
      }
    } finally {
      this.busy = this.away = false;
    }
  }

  arrived(set, answers) {
    const late = this.away || set.some((press) => press.before);
    this.away = false;
    this.drop(set);
    this.heard(set.map((press, place) => ({ fields: press.fields, answer: answers[place] })));
    this.moved();
    const sent = answers.filter((answer) => answer.status === 201).length;
    if (late && sent) this.back(sent);
  }

  giveUpTheOld() {
    const old = this.line.filter((press) => Date.now() - press.at > TOO_OLD);
    if (!old.length) return;
    this.drop(old);
    this.moved();
    this.givenUp();
  }

  /** Return an answer for each press; nothing when it is not known whether they arrived. */
  async ask(set) {
    const alone = set.length === 1;
    const body = new FormData();
    if (!alone) body.set("presses", set.length);
    set.forEach(({ fields }, place) => {
      for (const [name, value] of Object.entries(fields)) {
        if (value !== undefined && value !== "") body.set(alone ? name : `${place}-${name}`, value);
      }
    });
    const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
    let response;
    const shape = document.createElement("template");
    try {
      response = await fetch(alone ? this.one : this.many, { method: "POST", body, redirect: "manual", headers: { "HX-Request": "true", "X-CSRFToken": token }, signal: AbortSignal.timeout(10_000) });
      if (response.status >= 500 || response.status === 429) return undefined;
      shape.innerHTML = await response.text();
    } catch {
      return undefined;
    }
    const code = response.headers.get("X-Error-Code");
    if (code || (alone && response.status === 201)) {
      // A set that is refused as a whole is refused for each.
      return set.map(() => read(shape.content, response.status, code));
    }
    const answers = [...shape.content.querySelectorAll("[data-answer]")];
    if (!alone && answers.length === set.length) return answers.map((answer) => read(answer, Number(answer.dataset.answer), answer.dataset.code));
    // Neither sent nor refused by us: signed out meanwhile, or an old page. A new one knows the way.
    this.drop(this.line);
    location.reload();
    return new Promise(() => undefined);
  }
}

function read(place, status, code) {
  const first = place.firstElementChild;
  const toast = first?.matches(".toast");
  return {
    status,
    code,
    text: (first?.querySelector("[data-toast-text]") ?? place).textContent.trim(),
    body: first,
    fragment: status === 201 || toast ? undefined : first,
  };
}
