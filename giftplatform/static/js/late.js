// Fetches the page's scripts once the page has been painted: on a slow line they would take turns
// with what a reader waits for. They stand in a template, which a browser leaves alone, and run in
// its order. Until they run, links and forms do what they do without scripts.
const PATIENCE_MS = 3_000; // for a browser that does not tell when it has painted
const ANSWERED = ':is(button[type="button"]:not([popovertarget]), [x-on\\:click]:not([href]))';

/** Resolves when something can be seen; at once where nobody looks. */
const painted = () =>
  new Promise((/** @type {(_: unknown) => void} */ done) => {
    if (document.hidden) return done(0);
    new PerformanceObserver(done).observe({ type: "paint", buffered: true });
    setTimeout(done, PATIENCE_MS, 0);
  });

const parsed = new Promise((done) => document.addEventListener("DOMContentLoaded", done));

/**
 * Keeps what wants to hear of an event that is over. Answers what tells them, as if it came now.
 * @param {Document | Window} target
 * @param {string} kind
 */
function missed(target, kind) {
  /** @type {EventListenerOrEventListenerObject[]} */
  const heard = [];
  const add = target.addEventListener;
  /** @type {typeof add} */
  target.addEventListener = (type, listener, options) => {
    if (type === kind) heard.push(listener);
    else add.call(target, type, listener, options);
  };
  return () => {
    target.addEventListener = add;
    const event = new Event(kind);
    for (const listener of heard)
      if (typeof listener === "function") listener.call(target, event);
      else listener.handleEvent(event);
  };
}

/** All that the scripts import, asked for at once rather than one import after another. */
function fetchNeeds(/** @type {HTMLScriptElement[]} */ scripts) {
  const needs = new Set(scripts.flatMap(({ dataset }) => dataset.needs?.split(" ") ?? []));
  needs.delete("");
  for (const href of needs)
    document.head.append(
      Object.assign(document.createElement("link"), { rel: "modulepreload", href }),
    );
}

/** Run one script after those before it; resolves when it has run, or cannot. Data is only moved. */
const run = (/** @type {HTMLScriptElement} */ script) =>
  new Promise((/** @type {(_: unknown) => void} */ done) => {
    const copy = document.importNode(script, true);
    Object.assign(copy, { async: false, onload: done, onerror: done });
    document.body.append(copy);
    if (!copy.src) done(0);
  });

// What only a script answers and was pressed too early is pressed again.
/** @type {Set<HTMLElement>} */
const early = new Set();
function keep(/** @type {Event} */ event) {
  const pressed = /** @type {Element} */ (event.target);
  /** @type {HTMLElement | null} */
  const button = pressed.closest(ANSWERED);
  if (button) early.add(button);
}
document.addEventListener("click", keep, true);

await parsed;
await painted();
/** @type {NodeListOf<HTMLTemplateElement>} */
const shelves = document.querySelectorAll("template[data-late]");
const scripts = [...shelves].flatMap(
  ({ content }) => /** @type {HTMLScriptElement[]} */ ([...content.querySelectorAll("script")]),
);
fetchNeeds(scripts);
const tell = [missed(document, "DOMContentLoaded")];
if (document.readyState === "complete") tell.push(missed(window, "load"));
await Promise.all(scripts.map(run));
document.removeEventListener("click", keep, true);
for (const them of tell) them();
document.documentElement.toggleAttribute("data-awake", true);
for (const button of early) if (button.isConnected) button.click();
