// A time is typed in the person's own zone; without this file it is UTC, and the page says so.
import { find } from "../js/page.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** @type {HTMLInputElement | null} */
const field = document.querySelector('[name="zone"]');
if (field && zone) {
  field.value = zone;
  find("[data-zone]").textContent = zone.replaceAll("_", " ");
}
