// A time is typed in the person's own zone; without this file it is UTC, and the page says so.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const field = document.querySelector('[name="zone"]');
if (field && zone) {
  field.value = zone;
  document.querySelector("[data-zone]").textContent = zone.replaceAll("_", " ");
}
