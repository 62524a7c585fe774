// The room's frame: how many watch, cut off and back, the end, the phone's sheet.
import { figure, find } from "../js/page.js";

const frame = find("[data-room]");
/** A part of the frame that every room has, and one that some have. */
const part = (name) => find(`[data-${name}]`, frame);
const maybe = (name) => frame.querySelector(`[data-${name}]`);

const video = /** @type {HTMLVideoElement | null} */ (maybe("video"));

document.addEventListener("live:viewers", ({ detail }) => {
  const place = maybe("viewers");
  if (place) place.textContent = figure(detail.viewers);
});
const cut = part("cut");
document.addEventListener("live:cut", () => cut.toggleAttribute("hidden", false));
document.addEventListener("live:connected", () => cut.toggleAttribute("hidden", true));
document.addEventListener("live:started", () => location.reload());
document.addEventListener("live:rescheduled", ({ detail }) => {
  for (const time of frame.querySelectorAll("[data-soon] time"))
    time.setAttribute("datetime", detail.scheduled_for);
  document.dispatchEvent(new CustomEvent("times:changed"));
});
document.addEventListener("live:changed", ({ detail }) => {
  // A page that was open before the stream became one for adults asks for the age again.
  if (detail.adults_only && !("adults" in frame.dataset)) location.reload();
  document.title = document.title.replace(part("title").textContent ?? "", () => detail.title);
  part("title").textContent = detail.title;
});
// Whether one may ask to be a guest is told to all; what is one person's own, their page asks for.
const door = maybe("guest-door");
document.addEventListener("live:guests", ({ detail }) => {
  const full = detail.guests.length >= 4;
  maybe("guest-ask")?.toggleAttribute("hidden", !detail.asking || full);
  maybe("guest-full")?.toggleAttribute("hidden", !detail.asking || !full);
});
document.addEventListener("live:guest", ({ detail }) => {
  if (door && detail.tag === door.dataset.guestDoor)
    door.dispatchEvent(new CustomEvent("guest:look"));
});
document.addEventListener("live:ended", () => {
  video?.pause();
  part("over").hidden = false;
  part("marks").remove();
  door?.remove();
  maybe("controls")?.remove();
  for (const field of frame.querySelectorAll("[data-say] :is(input, button)"))
    field.toggleAttribute("disabled", true);
  document.getElementById("gift-tray")?.closest(".room__tray")?.replaceChildren();
  frame.querySelector(".bar-say__gift")?.remove();
});

// On the phone what stands in the desk's tabs opens as one sheet: moved there, not drawn twice.
const sheet = /** @type {HTMLDialogElement} */ (find("#room-sheet"));
const slot = find("[data-sheet-slot]", sheet);
const homes = ["about", "supporters"].map((name) => ({
  home: find(`#${name}`),
  piece: find(`[data-movable="${name}"]`),
}));
const opener = part("room-sheet");
opener.setAttribute("aria-haspopup", "dialog");
opener.addEventListener("click", (event) => {
  event.preventDefault();
  slot.append(...homes.map(({ piece }) => piece));
  sheet.showModal();
});
sheet.addEventListener("close", () => {
  for (const { home, piece } of homes) home.append(piece);
});
