// Blocking from a line of the console: a small menu, one press, and one press to take it back.
// A gift without a name is blocked by its key: nothing here knows, or learns, who sent it.
import { postFor } from "./refusals.js";

function dress(room) {
  const says = room.dataset;
  const zeros = /0{8}-[0-]+/;
  const lineOf = (part) => part.closest("[data-line], [data-chat-line]");
  const nameOf = (line) => (line.dataset.by ? line.querySelector("[data-who]").textContent : "");
  const words = (line, what) =>
    line.dataset.by ? says[what].replace("{name}", nameOf(line)) : says[`${what}Hidden`];

  function address(line) {
    if (line.dataset.event) return says.blockLineUrl.replace("/0/", `/${line.dataset.event}/`);
    return says.blockUrl.replace(zeros, line.dataset.blockedBy || line.dataset.keys.split(" ")[0]);
  }

  // Lines that came while the page was open have a menu without an address and without words.
  function prepare(line) {
    const [more, sheet] = [line.querySelector("[data-more]"), line.querySelector("[data-sheet]")];
    if (!more) return;
    if (!more.hasAttribute("popovertarget")) more.popoverTargetElement = sheet;
    sheet.addEventListener("beforetoggle", (event) => {
      if (event.newState !== "open") return;
      sheet.querySelector("[data-block]").action = address(line);
      sheet.querySelector("[data-block-words]").textContent = words(line, "block");
      sheet.querySelector("[data-back-words]").textContent = words(line, "back");
    });
  }
  const watch = new MutationObserver((changes) => {
    for (const line of changes.flatMap(({ addedNodes }) => [...addedNodes]))
      if (line instanceof HTMLElement && line.matches("[data-line], [data-chat-line]"))
        prepare(line);
  });
  for (const list of room.querySelectorAll("[data-lines], [data-chat]")) {
    [...list.children].forEach(prepare);
    watch.observe(list, { childList: true });
  }

  /** The lines of the same person, as far as their names tell; a hidden one's line stands alone. */
  const same = (line) =>
    line.dataset.by
      ? [...room.querySelectorAll("[data-by]")].filter(
          (other) => other.dataset.by === line.dataset.by,
        )
      : [line];

  function mark(line, out) {
    for (const one of same(line)) {
      one.classList.toggle("is-blocked", out);
      one.querySelector("[data-note]")?.remove();
    }
    if (line.dataset.keys)
      line.dataset.blockedBy = out ? address(line).match(/[0-9a-f-]{36}/)[0] : "";
  }

  function note(line) {
    const shown = room.querySelector("[data-note-shape]").content.firstElementChild.cloneNode(true);
    shown.action = address(line);
    line.append(shown);
    shown.querySelector("[data-note-words]").textContent = words(line, "blocked");
    return shown;
  }

  room.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-block]")) return;
    event.preventDefault();
    const [form, line, button] = [event.target, lineOf(event.target), event.submitter];
    const byKeyboard = button.matches(":focus-visible");
    const out = button.value === "1";
    if (!(await postFor(button, form.action, new FormData(form, button)))) return;
    form.closest("[popover]")?.hidePopover();
    mark(line, out);
    const next = out ? note(line).querySelector("button") : line.querySelector("[data-more]");
    // Only who came by keyboard is led on: a focus in the list holds new lines back.
    if (byKeyboard) next.focus();
    else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
}

document.querySelectorAll("[data-console]").forEach(dress);
