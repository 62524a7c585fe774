// Who gets the gifts: the stream's creator, or one of its guests. The list of guests is fetched anew
// when one comes or goes: at once where the chosen one has left, of whom the server says so; by
// everybody else within some seconds, so that a room does not ask with one voice.
const LONGEST = 9; // letters of a name on a tile
const WITHIN_MS = 8_000;

const people = (guests) =>
  guests
    .map(({ person }) => person)
    .sort()
    .join(" ");

export class Receiver {
  /** `changed()` is called when somebody else gets them.
   * @param {HTMLElement} tray @param {HTMLFormElement} form @param {() => void} changed */
  constructor(tray, form, changed) {
    this.tray = tray;
    this.form = form;
    this.last = this.id;
    /** @type {string | undefined} who is on, as was heard last */
    this.on = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.asking = undefined;
    const look = () => {
      if (this.id === this.last) return;
      this.last = this.id;
      this.show();
      changed();
    };
    form.addEventListener("change", look);
    form.addEventListener("htmx:load", () => {
      this.keep(); // the list came anew
      look();
    });
    document.addEventListener("live:guests", ({ detail }) => this.heard(detail.guests));
    this.show();
  }

  /** Who was chosen while the list was on its way stays chosen. */
  keep() {
    for (const one of /** @type {NodeListOf<HTMLInputElement>} */ (
      this.form.querySelectorAll("[name=to]")
    ))
      if ((one.value || undefined) === this.last && !one.checked) one.checked = true;
  }

  /** @param {{person: string}[]} guests who are on now */
  heard(guests) {
    const now = people(guests);
    if (now === this.on) return; // one of them was muted
    this.on = now;
    clearTimeout(this.asking);
    const gone = this.id && !guests.some(({ person }) => person === this.id);
    const ask = () =>
      this.form.querySelector("[data-receivers]")?.dispatchEvent(new CustomEvent("guests:look"));
    if (gone) ask();
    else this.asking = setTimeout(ask, Math.random() * WITHIN_MS);
  }

  get chosen() {
    return /** @type {HTMLInputElement | null} */ (this.form.querySelector("[name=to]:checked"));
  }

  /** As a send names them; nothing for the creator. */
  get id() {
    return this.chosen?.value || undefined;
  }

  get name() {
    return this.chosen?.dataset.name ?? this.tray.dataset.host ?? "";
  }

  /** Each tile says who gets what. */
  show() {
    const letters = [...this.name];
    const short =
      letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : this.name;
    for (const place of this.tray.querySelectorAll("[data-receiver]")) place.textContent = short;
  }
}
