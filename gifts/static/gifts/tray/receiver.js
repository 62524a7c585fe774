// Who gets the gifts: the stream's creator, or one of its guests. The list of guests is fetched anew
// whenever one comes or goes; of one who has left, the server says so, and the creator is chosen.
const LONGEST = 9; // letters of a name on a tile

export class Receiver {
  /** `changed()` is called when somebody else gets them.
   * @param {HTMLElement} tray @param {HTMLFormElement} form @param {() => void} changed */
  constructor(tray, form, changed) {
    this.tray = tray;
    this.form = form;
    this.last = this.id;
    const look = () => {
      if (this.id === this.last) return;
      this.last = this.id;
      this.show();
      changed();
    };
    form.addEventListener("change", look);
    form.addEventListener("htmx:load", look); // the list came anew
    this.show();
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
