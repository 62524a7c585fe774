// The server's days are the days of UTC. Here the same entries stand under the days of the reader's
// own clock.
import { find, language, origin } from "../js/page.js";

const spell = new Intl.DateTimeFormat(language, {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

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
    find("[data-day-name]", day).textContent = name;
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
