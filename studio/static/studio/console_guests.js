// The guests in the console: seen and heard there, invited by handle or from a line of the chat.
import { find } from "../js/page.js";
import { postFor } from "./refusals.js";

function dress(room) {
  const seen = room.querySelector("[data-guests-seen]");
  if (!seen) return;
  const sound = find("[data-guests-sound]", seen);
  let heard = false;
  const videos = () => /** @type {NodeListOf<HTMLVideoElement>} */ (seen.querySelectorAll("video"));
  const hear = () => {
    for (const video of videos())
      video.muted =
        !heard || !video.closest(".guest-tile")?.querySelector("[data-guest-tile-muted][hidden]");
    sound.setAttribute("aria-pressed", String(heard));
    sound.textContent = (heard ? sound.dataset.on : sound.dataset.off) ?? "";
  };
  sound.addEventListener("click", () => {
    heard = !heard;
    hear();
  });
  document.addEventListener("video:guests", ({ detail }) => {
    seen.hidden = !detail.count;
    hear();
  });

  const invite = /** @type {HTMLFormElement} */ (find("[data-guests-invite]", room));
  invite.addEventListener("htmx:afterRequest", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.successful) invite.reset();
  });

  // One menu serves all lines; only who wrote in the chat is named, and can be invited.
  room.addEventListener("click", ({ target }) => {
    const line = target.closest("[data-more]")?.closest("[data-line], [data-chat-line]");
    const form = room.querySelector("[data-invite]");
    if (line && form) form.hidden = !line.dataset.event;
  });
  room.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-invite]")) return;
    event.preventDefault();
    const { event: id } = event.target.closest("[data-chat-line]").dataset;
    const address = room.dataset.inviteLineUrl.replace("/0/", `/${id}/`);
    await postFor(event.submitter, address);
    event.target.closest("[popover]")?.hidePopover();
  });
}

document.querySelectorAll("[data-console]").forEach(dress);
