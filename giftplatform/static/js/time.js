// Times in the reader's own zone and language, and countdowns by the server's clock.
import { writer } from "./dates.js";
import { language, origin } from "./page.js";

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const shapes = {
  datetime: { day: "numeric", month: "short", year: "numeric", hour: "numeric", minute: "2-digit" },
  date: { day: "numeric", month: "short", year: "numeric" },
  day: { weekday: "short", day: "numeric", month: "short" },
  long: { day: "numeric", month: "long", year: "numeric" },
  short: { day: "numeric", month: "short" },
  weekday: { weekday: "long" },
  time: { hour: "numeric", minute: "2-digit" },
};
/** @param {Intl.DateTimeFormatOptions} [more] */
const writers = (more) =>
  new Map(Object.entries(shapes).map(([name, shape]) => [name, writer({ ...shape, ...more })]));
const formats = writers();
// A day of the calendar is the same day everywhere.
const days = writers({ timeZone: "UTC" });
const whole = writer({ dateStyle: "full", timeStyle: "long" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const steps = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

function ago(at) {
  const seconds = (at - Date.now()) / 1000;
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

function tell(element) {
  const at = new Date(element.dateTime);
  if (Number.isNaN(at.getTime())) return;
  const isDay = !element.dateTime.includes("T");
  const style = element.dataset.local;
  const text = style === "relative" ? ago(at) : (isDay ? days : formats).get(style)?.format(at);
  if (text && element.textContent !== text) element.textContent = text;
  if (!isDay) element.title = whole.format(at);
}

// `data-countdown="<ISO time>"`: text in [data-countdown-text], --left from 1 to 0 for a ring,
// `countdown:done` once.
const running = new Map();

function count(element) {
  const { until, length } = running.get(element);
  const left = Math.max(0, until - Date.now());
  const text = element.querySelector("[data-countdown-text]");
  const seconds = Math.ceil(left / 1000);
  const clock =
    seconds < 60
      ? String(seconds)
      : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (text && text.textContent !== clock) text.textContent = clock;
  element.style.setProperty("--left", (left / length).toFixed(3));
  if (left > 0 && element.isConnected) return;
  running.delete(element);
  if (element.isConnected)
    element.dispatchEvent(new CustomEvent("countdown:done", { bubbles: true }));
}

let frame = 0;
function tick() {
  [...running.keys()].forEach(count);
  frame = running.size ? setTimeout(() => requestAnimationFrame(tick), 100) : 0;
}

function dress(part) {
  part.querySelectorAll("time[data-local]").forEach(tell);
  part.querySelectorAll("[data-countdown]").forEach((element) => {
    if (running.has(element)) return;
    const until = new Date(element.dataset.countdown).getTime();
    running.set(element, { until, length: Math.max(1, until - Date.now()) });
  });
  if (running.size && !frame) tick();
}

dress(document);
document.addEventListener("htmx:load", (event) => dress(origin(event).parentElement ?? document));
document.addEventListener("times:changed", () => dress(document));
setInterval(() => document.querySelectorAll('time[data-local="relative"]').forEach(tell), 30_000);
