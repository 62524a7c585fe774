// A time is typed in the person's own zone; without this file it is UTC, and the page says so.
import { find } from "../js/page.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** @type {HTMLInputElement | null} */
const field = document.querySelector('[name="zone"]');
if (field && zone) {
  field.value = zone;
  find("[data-zone]").textContent = zone.replaceAll("_", " ");
  const known = /** @type {HTMLElement | null} */ (document.querySelector("[data-at]"));
  if (known) {
    const at = new Date(known.dataset.at ?? "");
    const here = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
    const time = /** @type {HTMLInputElement} */ (find('[name="scheduled_for"]', known));
    time.value = here.toISOString().slice(0, 16);
  }
}
