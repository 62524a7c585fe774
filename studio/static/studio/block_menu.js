// Blocking from a line of the console: a small menu, one press, and one press to take it back.
// A gift without a name is blocked by its key: nothing here knows, or learns, who sent it.
import { postFor } from "./refusals.js";

function dress(room) {
  const says = room.dataset;
  const zeros = /0{8}-[0-]+/;
  const sheet = room.querySelector("[data-sheet]");
  const shape = (name) =>
    room.querySelector(`[data-${name}-shape]`).content.firstElementChild.cloneNode(true);
  const lineOf = (part) => part.closest("[data-line], [data-chat-line]");
  const nameOf = (line) => (line.dataset.by ? line.querySelector("[data-who]").textContent : "");
  const words = (line, what) =>
    line.dataset.by ? says[what].replace("{name}", nameOf(line)) : says[`${what}Hidden`];

  function address(line) {
    if (line.dataset.event) return says.blockLineUrl.replace("/0/", `/${line.dataset.event}/`);
    return says.blockUrl.replace(zeros, line.dataset.blockedBy || line.dataset.keys.split(" ")[0]);
  }

  // Without scripts a line's button asks the server for its menu; with them one menu serves all
  // lines, and moves into the line whose button was pressed.
  function prepare(line) {
    const more = line.querySelector("[data-more]");
    if (!more) return;
    more.type = "button";
    more.setAttribute("aria-haspopup", "true");
    more.popoverTargetElement = sheet;
  }
  room.addEventListener("click", ({ target }) => {
    const more = target.closest("[data-more]");
    if (!more) return;
    const line = lineOf(more);
    if (sheet.parentElement !== line) line.append(sheet); // it closes where it was open
    sheet.querySelector("[data-block]").action = address(line);
    sheet.querySelector("[data-block-words]").textContent = words(line, "block");
    sheet.querySelector("[data-back-words]").textContent = words(line, "back");
    sheet.querySelector("[data-hide]").hidden = line.querySelector("[data-message]")?.hidden;
  });
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
      // A line that came unmarked gets its mark: before the time of a gift, before what was said.
      if (out && !one.querySelector(".blocked-mark"))
        one.querySelector("time, [data-text]").before(shape("mark"), " ");
    }
    if (line.dataset.keys)
      line.dataset.blockedBy = out ? address(line).match(/[0-9a-f-]{36}/)[0] : "";
  }

  function note(line) {
    const shown = shape("note");
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
