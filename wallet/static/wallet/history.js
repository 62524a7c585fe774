// The server's days are the days of UTC. Here the same entries stand under the days of the reader's
// own clock.

const spell = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
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
    const name = spell.format(new Date(entry.querySelector("time").dateTime));
    days.set(name, [...(days.get(name) ?? []), entry]);
  }
  const made = [...days].map(([name, entries]) => {
    const day = given[0].cloneNode(true);
    day.querySelector("[data-day-name]").textContent = name;
    day.querySelector("[data-entries]").replaceChildren(...entries);
    return day;
  });
  given[0].before(...made);
  given.forEach((day) => day.remove());
}

regroup();
document.addEventListener("htmx:load", (event) => {
  if (event.target.matches?.("[data-day]")) regroup();
});
