// The queue of alerts: keeps itself up to date while the page is open. The server adds it up from events
// and from what overlays report.
import { fragment } from "../js/page.js";

const EVENTS = ["gift", "undo", "alerts", "test", "goal", "settings", "hide", "connected"];
const SOON_MS = 1_200; // what comes together is read once
const POLL_MS = 5_000; // an overlay reports every few seconds how far it is; that sends no event here

let box = document.querySelector("[data-alert-queue]");
let soon = 0;
let reading = false;

async function refresh() {
  soon = 0;
  if (reading || document.hidden || !box?.dataset.alertQueue) return;
  reading = true;
  try {
    const answer = await fetch(box.dataset.alertQueue, {
      headers: { "HX-Request": "true" },
      signal: AbortSignal.timeout(8_000),
    });
    if (answer.ok) show(await answer.text());
  } catch {
    // The next one finds out.
  }
  reading = false;
}

function show(text) {
  const drawn = fragment(text);
  box = document.querySelector("[data-alert-queue]");
  const now = box?.querySelector("[data-queue-live]");
  const next = drawn.querySelector("[data-queue-live]");
  if (!now || !next || now.innerHTML === next.innerHTML || now.querySelector(".htmx-request"))
    return;
  const { activeElement } = document;
  const focused = activeElement && now.contains(activeElement) ? activeElement.id : "";
  now.replaceChildren(...next.childNodes);
  window.htmx?.process(now);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

const refreshSoon = () => (soon ||= setTimeout(refresh, SOON_MS));

if (box) {
  for (const kind of EVENTS) document.addEventListener(`live:${kind}`, refreshSoon);
  document.addEventListener("visibilitychange", refreshSoon);
  setInterval(refreshSoon, POLL_MS);
}
