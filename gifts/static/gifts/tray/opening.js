// The phone's tray opens by itself where its button was pressed while it was on its way, and where
// the address names a gift: who comes back with coins finds it as they left it.
import { origin } from "../../js/page.js";

const BUTTON = "[data-open=gift-tray]";

export function openWhenThere() {
  let wanted = new URLSearchParams(location.search).has("gift");
  document.addEventListener("click", (event) => {
    const opens = origin(event).closest?.(BUTTON);
    if (!opens || !document.querySelector(".room__tray.htmx-request")) return;
    event.preventDefault();
    wanted = true;
  });
  document.addEventListener("htmx:load", () => {
    const tray = /** @type {HTMLDialogElement | null} */ (document.getElementById("gift-tray"));
    if (!wanted || !tray) return;
    wanted = false;
    // At the desk there is no button: the tray stands in the page.
    if (document.querySelector(BUTTON)?.checkVisibility()) tray.showModal();
  });
}
