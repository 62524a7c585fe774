// Presses on their way. A press keeps its key until the server has answered it, over reloads too.
const SOON = [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000];
// After this the moment is over: an old press must not go off by itself.
const TOO_OLD = 60_000;

const pause = (ms) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    addEventListener("online", () => (clearTimeout(timer), done()), { once: true });
  });

export class Outbox {
  constructor(url, { lost, back, givenUp }) {
    Object.assign(this, { url, lost, back, givenUp, store: `outbox:${url}` });
    this.line = Promise.resolve(); // one after the other, in the order of the presses
    for (const press of this.kept()) {
      if (Date.now() - press.at < TOO_OLD) this.queue(press.fields, press.at).then((answer) => answer?.status === 201 && this.back());
      else this.drop(press.fields.key);
    }
  }

  kept() {
    return JSON.parse(sessionStorage.getItem(this.store) ?? "[]");
  }

  keep(fields, at) {
    const others = this.kept().filter((press) => press.fields.key !== fields.key);
    sessionStorage.setItem(this.store, JSON.stringify([...others, { fields, at }]));
  }

  drop(key) {
    sessionStorage.setItem(this.store, JSON.stringify(this.kept().filter((press) => press.fields.key !== key)));
  }

  /** Send one press and return `{status, code, text, body, fragment}`, or nothing when the network never came back. */
  send(fields) {
    const whole = { ...fields, key: fields.key ?? crypto.randomUUID() };
    const at = Date.now();
    this.keep(whole, at);
    return this.queue(whole, at);
  }

  queue(fields, at) {
    const mine = this.line.then(() => this.deliver(fields, at));
    this.line = mine.catch(() => undefined);
    return mine;
  }

  async deliver(fields, at) {
    let lost = false;
    for (const wait of SOON) {
      const answer = await this.once(fields);
      if (answer) {
        this.drop(fields.key);
        if (lost && answer.status === 201) this.back();
        return answer;
      }
      if (Date.now() - at > TOO_OLD) break;
      lost = true;
      this.lost();
      await pause(wait);
    }
    this.drop(fields.key);
    this.givenUp();
    return undefined;
  }

  /** Return the server's answer; nothing when it is not known whether the press arrived. */
  async once(fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== "") body.set(name, value);
    const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
    let response;
    try {
      response = await fetch(this.url, { method: "POST", body, redirect: "manual", headers: { "HX-Request": "true", "X-CSRFToken": token }, signal: AbortSignal.timeout(10_000) });
    } catch {
      return undefined;
    }
    if (response.status >= 500 || response.status === 429) return undefined;
    // Neither sent nor refused by us: signed out meanwhile, or an old page. A new one knows the way.
    if (response.status !== 201 && !response.headers.get("X-Error-Code")) {
      this.drop(fields.key);
      location.reload();
      return new Promise(() => undefined);
    }
    const shape = document.createElement("template");
    shape.innerHTML = await response.text();
    const first = shape.content.firstElementChild;
    const toast = first?.matches(".toast");
    return {
      status: response.status,
      code: response.headers.get("X-Error-Code"),
      text: (first?.querySelector("[data-toast-text]") ?? shape.content).textContent.trim(),
      body: first,
      fragment: response.status === 201 || toast ? undefined : first,
    };
  }
}
