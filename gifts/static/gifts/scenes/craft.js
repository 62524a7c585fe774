// What the small scenes share: how things with weight speed up and slow down, where a thing stands, and how far a streak is.

export const ease = {
  fall: "cubic-bezier(0.33, 0, 0.67, 0.33)", // let go: gets faster as a stone does
  rise: "cubic-bezier(0.33, 0.67, 0.67, 1)", // thrown up: gets slower as a stone does
  out: "cubic-bezier(0.16, 0.84, 0.44, 1)",
  in: "cubic-bezier(0.6, 0.04, 0.9, 0.4)",
  both: "cubic-bezier(0.45, 0.05, 0.55, 0.95)",
  spring: "cubic-bezier(0.3, 1.7, 0.5, 1)",
};

/** Stand a thing in its box: its middle at x, its foot at y, so wide (and so high). */
export function stand(element, x, y, wide, high = wide) {
  element.classList.add("piece");
  element.style.width = `${wide}px`;
  element.style.height = `${high}px`;
  element.style.left = `${x - wide / 2}px`;
  element.style.top = `${y - high}px`;
  return element;
}

/** The point of a drawing's part that stays where it is while the part turns or grows, in the drawing's own units. */
export function pivot(part, x, y) {
  part.style.transformBox = "view-box";
  part.style.transformOrigin = `${x}px ${y}px`;
  return part;
}

/** Where a sticker stands, and how wide it is: low in its column, nobody's exactly where another's is. */
export function spot(kit, share = 1) {
  const size = Math.min(kit.width * 0.94, Math.max(60, 88 * kit.scale)) * share;
  const x = kit.width / 2 + (kit.random() - 0.5) * Math.max(0, kit.width - size) * 0.9;
  const y = kit.height - size * (0.1 + (kit.still ? 0 : kit.random() * 0.3));
  return { size, x, y };
}

const MOST = 60; // streaks that are remembered

/** How many this streak has by now. A streak that paused, so that its scene was over, goes on where it was. */
export function reached(kit, gift, count) {
  const key = gift.combo ?? gift.id;
  const sum = count ?? (kit.room.get(key) ?? 0) + gift.quantity;
  kit.room.delete(key);
  kit.room.set(key, sum);
  if (kit.room.size > MOST) kit.room.delete(kit.room.keys().next().value);
  return sum;
}
