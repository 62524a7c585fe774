// What every page needs: htmx with our rules, toasts, sheets, menus, tabs, copying. Found by
// `data-` attributes.
import { csrfToken, find, origin } from "./page.js";

const root = document.documentElement;
const toasts = document.querySelector("#toasts");

/** Show one sentence at the edge of the page. `kind`: info, success, warning, error. Errors stay
 * until closed. */
function toast(text, kind = "info") {
  const shape = /** @type {HTMLTemplateElement} */ (
    document.querySelector(`template[data-toast-shape="${kind}"]`) ??
      find('template[data-toast-shape="info"]')
  );
  const box = /** @type {HTMLElement} */ (find("[data-toast]", shape.content).cloneNode(true));
  find("[data-toast-text]", box).textContent = text;
  toasts?.append(box);
}

// Refused actions answer 4xx with a toast as their body; everything else goes where the request
// said. That the session ended is said once to what the page asks by itself, and to every press.
let signedOut = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  if (!detail.xhr.getResponseHeader("X-Error-Code")) return;
  const known = signedOut && detail.requestConfig.verb === "get";
  signedOut ||= detail.xhr.status === 401;
  detail.shouldSwap = !(known && detail.xhr.status === 401);
  detail.isError = false;
  detail.target = find("#toasts");
  detail.swapOverride = "beforeend";
  detail.selectOverride = "unset"; // all of it, whatever part of an answer the element takes
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = csrfToken();
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

// A part that did not come: the way to it shows at once. Where htmx itself did not come, no part
// will, and forms do by their buttons what it would have done.
document.addEventListener("DOMContentLoaded", () =>
  root.toggleAttribute("data-without-htmx", !window.htmx),
);
document.addEventListener("htmx:afterRequest", (event) => {
  const part = origin(event).closest("[data-part]");
  part?.querySelector(".waiting")?.classList.add("is-lost");
});

// A page that comes back from the history shows the coins of then.
window.addEventListener("pageshow", ({ persisted }) => {
  const [way] = /** @type {PerformanceNavigationTiming[]} */ (
    performance.getEntriesByType("navigation")
  );
  if (persisted || way?.type === "back_forward")
    document.body.dispatchEvent(new CustomEvent("balance:changed", { bubbles: true }));
});

/** @param {"offline" | "broken" | "copied"} name */
const words = (name) => toasts?.dataset[name] ?? "";
document.addEventListener("htmx:sendError", () => toast(words("offline"), "error"));
document.addEventListener("htmx:timeout", () => toast(words("offline"), "error"));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) toast(words("broken"), "error");
});

// A view may say `HX-Trigger: {"toast": {"text": "...", "kind": "success"}}`; a module may dispatch
// the same event.
document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));

function leave(box) {
  box.classList.add("is-leaving");
  setTimeout(() => box.remove(), 160);
}

function stay(box) {
  if (box.matches(".is-error, .is-danger")) return;
  const seconds = 3 + box.textContent.trim().length / 18;
  const tick = setInterval(() => {
    if (box.matches(":hover, :focus-within")) return;
    clearInterval(tick);
    leave(box);
  }, seconds * 1000);
}

// A modal sheet makes the rest of the page deaf, so while one is open its toasts live inside it.
function place() {
  const home = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
  if (toasts && toasts.parentElement !== home) home.append(toasts);
}

if (toasts) {
  toasts.querySelectorAll("[data-toast]").forEach(stay);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (!(node instanceof HTMLElement) || !node.matches("[data-toast]")) continue;
        place();
        // The same sentence again takes the place of the first one.
        const said = node.textContent?.trim();
        for (const other of toasts.querySelectorAll("[data-toast]"))
          if (other !== node && other.textContent?.trim() === said) other.remove();
        stay(node);
      }
    }
  }).observe(toasts, { childList: true });
  document.addEventListener("close", place, true);
}

function closeMenus(except) {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const open = document.querySelectorAll("details.menu[open]");
  open.forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

document.addEventListener("click", async (event) => {
  const on = (selector) => origin(event).closest?.(selector);
  closeMenus(on("details.menu"));

  const closer = on("[data-toast-close]");
  if (closer) leave(closer.closest("[data-toast]"));

  // A link that opens a sheet leads to its page where the sheet is not there.
  const opener = on("[data-open]");
  const sheet = /** @type {HTMLDialogElement | null} */ (
    opener && document.getElementById(opener.dataset.open)
  );
  if (sheet) {
    event.preventDefault();
    sheet.showModal();
  }
  if (on("[data-close]")) on("dialog")?.close();
  // A press on the veil is a press on the dialog itself, outside its frame.
  if (event.target instanceof HTMLDialogElement) {
    const { left, right, top, bottom } = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= left &&
      event.clientX <= right &&
      event.clientY >= top &&
      event.clientY <= bottom;
    if (!inside && event.detail) event.target.close();
  }

  const copier = on("[data-copy]");
  if (copier) {
    await navigator.clipboard.writeText(copier.dataset.copy);
    toast(copier.dataset.copied ?? words("copied"), "success");
  }
  if (on("[data-print]")) window.print();

  // Back to the form as it was filled in, rather than to a fresh one.
  if (on("a[data-back]") && document.referrer.startsWith(location.origin)) {
    event.preventDefault();
    history.back();
  }

  const peek = on("[data-peek]");
  if (peek) {
    const input = /** @type {HTMLInputElement} */ (find(`#${peek.dataset.peek}`));
    input.type = input.type === "password" ? "text" : "password";
    peek.setAttribute("aria-pressed", String(input.type === "text"));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  /** @type {HTMLDetailsElement | null} */
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

// Pressing a form's button twice sends it once. The page may come back from the history with the
// button still off.
document.addEventListener("submit", (event) => {
  if (!origin(event).matches("[data-once], [data-form]") || event.defaultPrevented) return;
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  setTimeout(() => {
    if (!event.defaultPrevented && button) {
      button.setAttribute("aria-busy", "true");
      button.disabled = true;
    }
  });
});
window.addEventListener("pageshow", () => {
  /** @type {NodeListOf<HTMLButtonElement>} */
  const busy = document.querySelectorAll('button[aria-busy="true"]');
  busy.forEach((button) => {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  });
});

/** Make `[data-tabs]` lists work: buttons with aria-controls, arrow keys, one panel at a time. */
function tabs(list) {
  if (list.role === "tablist") return;
  const buttons = [...list.querySelectorAll("[aria-controls]")];
  list.setAttribute("role", "tablist");
  const choose = (chosen, focus = true) => {
    for (const button of buttons) {
      const panel = find(`#${button.getAttribute("aria-controls")}`);
      button.setAttribute("aria-selected", String(button === chosen));
      button.tabIndex = button === chosen ? 0 : -1;
      panel.hidden = button !== chosen;
    }
    if (focus) chosen.focus();
  };
  for (const button of buttons) {
    const panel = find(`#${button.getAttribute("aria-controls")}`);
    button.setAttribute("role", "tab");
    panel.setAttribute("role", "tabpanel");
    if (button.id) panel.setAttribute("aria-labelledby", button.id);
    button.addEventListener("click", () => choose(button));
  }
  list.addEventListener("keydown", (event) => {
    const forward = root.dir === "rtl" ? -1 : 1;
    const step = { ArrowRight: forward, ArrowLeft: -forward }[event.key];
    if (!step) return;
    const at = buttons.indexOf(document.activeElement);
    choose(buttons[(at + step + buttons.length) % buttons.length]);
  });
  choose(
    buttons.find((button) => button.getAttribute("aria-selected") === "true") ?? buttons[0],
    false,
  );
}

/** Let the keyboard scroll a table that is wider or taller than its frame. */
function frame(box) {
  const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
  box.toggleAttribute("tabindex", scrolls);
  if (!scrolls) return;
  box.tabIndex = 0;
  box.role = "group";
  if (box.hasAttribute("aria-label")) return;
  const title =
    box.querySelector("caption") ??
    box.closest("section, .card")?.querySelector("h1, h2, h3") ??
    document.querySelector("h1");
  if (title) box.ariaLabel = title.textContent.trim();
}
const frames = new ResizeObserver((changes) => {
  for (const { target } of changes) frame(target);
});

function dress(part) {
  part.querySelectorAll("[data-tabs]").forEach(tabs);
  for (const box of part.querySelectorAll(".table-frame")) frames.observe(box);
}
// What a person chose before the page listened, or the browser put back, is told to those who wait
// for it, as if it were chosen now: a button never names the sum of another choice. A form that
// sends itself is left alone, or the way back from where it led would be shut.
/** @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} field */
function chosen(field) {
  if (field instanceof HTMLSelectElement) {
    const options = [...field.options];
    const stood = options.filter((one) => one.defaultSelected);
    if (!stood.length && !field.multiple)
      stood.push(...options.filter((one) => !one.disabled).slice(0, 1));
    return options.some((one) => one.selected !== stood.includes(one));
  }
  if (field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type))
    return field.checked !== field.defaultChecked && (field.checked || field.type === "checkbox");
  return field.type !== "hidden" && field.value !== field.defaultValue;
}
/** Whether a field chooses something by being written in, and something else was chosen instead.
 * @param {HTMLInputElement} field */
function wasLeft(field) {
  const radio = field.dataset.chooses && document.getElementById(field.dataset.chooses);
  if (!(radio instanceof HTMLInputElement) || !radio.form) return false;
  const now = [...radio.form.querySelectorAll(`[name="${radio.name}"]`)].find(
    (one) => one instanceof HTMLInputElement && one.checked,
  );
  return now instanceof HTMLInputElement && now !== radio && !now.defaultChecked;
}
function catchUp() {
  /** @type {NodeListOf<HTMLInputElement>} */
  const fields = document.querySelectorAll("input, textarea, select");
  for (const field of fields) {
    if (field.closest("[data-autosubmit]") || !chosen(field) || wasLeft(field)) continue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

dress(document);
document.addEventListener("htmx:load", (event) => {
  const part = origin(event);
  if (part === document.body) catchUp();
  else dress(part.parentElement ?? document);
});
