// The server's days are the days of UTC. Here the same entries stand under the days of the reader's
// own clock.
import { writer } from "../js/dates.js";
import { find, origin } from "../js/page.js";

const spell = writer({
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

/** The reader's day of an entry: 2026-11-29. */
function dayOf(/** @type {Element} */ entry) {
  const at = new Date(/** @type {HTMLTimeElement} */ (find("time", entry)).dateTime);
  const parts = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}

function regroup() {
  const given = [...document.querySelectorAll("[data-day]")];
  if (!given.length) return;
  const days = new Map();
  for (const entry of document.querySelectorAll("[data-day] [data-entries] > *")) {
    const name = spell.format(
      new Date(/** @type {HTMLTimeElement} */ (find("time", entry)).dateTime),
    );
    days.set(name, [...(days.get(name) ?? []), entry]);
  }
  const made = [...days].map(([name, entries]) => {
    const day = /** @type {HTMLElement} */ (given[0].cloneNode(true));
    const heading = /** @type {HTMLTimeElement} */ (find("[data-day-name]", day));
    heading.textContent = name;
    heading.dateTime = dayOf(entries[0]);
    find("[data-entries]", day).replaceChildren(...entries);
    return day;
  });
  given[0].before(...made);
  for (const day of given) day.remove();
}

regroup();
document.addEventListener("htmx:load", (event) => {
  if (origin(event).matches?.("[data-day]")) regroup();
});
