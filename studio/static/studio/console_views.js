// On the phone the console shows one thing at a time: gifts, the chat, or the alerts. A figure says
// what came meanwhile in the chat.
import { figure } from "../js/page.js";

function dress(views) {
  const room = views.closest("[data-console]");
  const buttons = [...views.querySelectorAll("[data-view]")];
  const unread = views.querySelector("[data-unread]");
  let count = 0;
  const showUnread = () => {
    unread.textContent = count ? figure(count) : "";
  };

  views.hidden = false;
  views.addEventListener("click", ({ target }) => {
    const chosen = target.closest("[data-view]");
    if (!chosen) return;
    room.dataset.showing = chosen.dataset.view;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button === chosen));
    if (chosen.dataset.view === "chat") count = 0;
    showUnread();
    // The chat is used at its end: the newest line, and the field for the next one.
    if (chosen.dataset.view === "chat")
      room.querySelector(".console__chat").scrollIntoView({ block: "end" });
  });
  document.addEventListener("live:chat", () => {
    if (room.dataset.showing === "chat") return;
    count += 1;
    showUnread();
  });
}

document.querySelectorAll("[data-views]").forEach(dress);
