// Hiding a message, from a line's menu: a line of chat, or the message of a gift. The gift itself
// stays.
// Every page receives it by the stream; this one does not wait for that.
import { postFor } from "./refusals.js";

function dress(room) {
  const says = room.dataset;
  const gift = (id) =>
    [...room.querySelectorAll("[data-line]")].find((line) => line.dataset.words === id);

  function address(line) {
    if (line.dataset.event) return says.hideLineUrl.replace("/0/", `/${line.dataset.event}/`);
    return says.hideUrl.replace(
      /0{8}-[0-]+/,
      line.dataset.words || line.dataset.keys.split(" ")[0],
    );
  }

  function wordless(line) {
    const message = line.querySelector("[data-message]");
    message.textContent = "";
    message.hidden = true;
  }

  document.addEventListener("live:hide", ({ detail }) => {
    const line = detail.id && gift(detail.id);
    if (line) wordless(line);
  });

  room.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-hide]")) return;
    event.preventDefault();
    const line = event.target.closest("[data-line], [data-chat-line]");
    const taken = await postFor(event.submitter, address(line));
    event.target.closest("[popover]")?.hidePopover();
    if (!taken) return;
    if (line.dataset.event)
      document.dispatchEvent(
        new CustomEvent("live:hide", { detail: { event: Number(line.dataset.event) } }),
      );
    else wordless(line);
  });
}

document.querySelectorAll("[data-console]").forEach(dress);
