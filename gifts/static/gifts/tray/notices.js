// What the tray says, in one place under the gifts, and to screen readers. When the tray is
// gone, the page's edge says it.
import { make, toast } from "../../js/page.js";

export class Notices {
  constructor(tray) {
    this.place = tray.querySelector("[data-notice]");
    this.quiet = tray.querySelector("[data-aloud]");
  }

  /** Say a sentence, with something to press where there is. Nothing to say: be silent. */
  say(text, more) {
    if (text && !this.place.isConnected) toast(text, "info");
    this.place.replaceChildren();
    if (!text) return;
    const line = make("tray__lost");
    line.append(make("", text, "p"));
    if (more) line.append(more);
    this.show(line);
  }

  /** Show a line that the server, or the page, has drawn already. */
  show(line) {
    this.place.replaceChildren(line);
    line.scrollIntoView({ block: "nearest" });
  }

  /** A refusal: a line where there is one, or its words. */
  refuse({ fragment, text }) {
    if (fragment && this.place.isConnected) this.show(fragment);
    else {
      this.place.replaceChildren();
      toast(text, "error");
    }
  }

  /** Say it only to screen readers; once, when a lot comes together. */
  announce(text) {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => (this.quiet.textContent = text), 600);
    this.quiet.textContent = "";
  }
}
