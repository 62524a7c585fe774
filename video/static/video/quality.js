// Which rendition is played, where there are two: by itself, as it was sent, or the small one. The
// player decides by the size of the picture and the line where nobody does.
import { chosen, keep } from "./kept.js";

/** The level that a choice means, of so many; the smallest is the first. -1: by itself. */
export function levelOf(choice, count) {
  if (count < 2 || choice === "auto") return -1;
  return choice === "small" ? 0 : count - 1;
}

/** The playlist that a choice means, for a browser that plays HLS itself. */
export function addressOf(choice, master) {
  const names = { sent: "index.m3u8", small: "small.m3u8" };
  return names[choice] ? master.replace(/master\.m3u8$/, names[choice]) : master;
}

/** The choice in a room's controls: `levels` tells it how many there are, `change` is told. */
export function quality(frame, change) {
  const field = frame.querySelector("[data-quality-field]");
  const select = /** @type {HTMLSelectElement | null} */ (field?.querySelector("select"));
  if (!field || !select) return { levels() {}, choice: () => "auto" };
  select.value = chosen().quality;
  select.addEventListener("change", () => {
    keep({ quality: select.value });
    change();
  });
  return {
    levels(count) {
      field.hidden = count < 2;
    },
    choice: () => select.value,
  };
}
