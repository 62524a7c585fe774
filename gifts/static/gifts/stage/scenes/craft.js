// What the small scenes share: how things with weight speed up and slow down, where a thing stands,
// and how far a combo is.

export const ease = {
  fall: "cubic-bezier(0.33, 0, 0.67, 0.33)", // let go: gets faster as a stone does
  rise: "cubic-bezier(0.33, 0.67, 0.67, 1)", // thrown up: gets slower as a stone does
  out: "cubic-bezier(0.16, 0.84, 0.44, 1)",
  in: "cubic-bezier(0.6, 0.04, 0.9, 0.4)",
  both: "cubic-bezier(0.45, 0.05, 0.55, 0.95)",
  spring: "cubic-bezier(0.3, 1.7, 0.5, 1)",
};

const phone = matchMedia("(width < 48rem)");

/** Stand a thing in its box: its middle at x, its foot at y, so wide (and so high). */
export function stand(element, x, y, wide, high = wide) {
  element.classList.add("piece");
  element.style.width = `${wide}px`;
  element.style.height = `${high}px`;
  element.style.left = `${x - wide / 2}px`;
  element.style.top = `${y - high}px`;
  return element;
}

/** The point of a drawing's part that stays where it is while the part turns or grows, in the
 * drawing's own units. */
export function pivot(part, x, y) {
  part.style.transformBox = "view-box";
  part.style.transformOrigin = `${x}px ${y}px`;
  return part;
}

/** A number from 0 to 1 for a text, the same every time. */
const chance = (text, salt) =>
  ([...`${salt}${text}`].reduce(
    (sum, letter) => Math.imul(sum ^ Number(letter.codePointAt(0)), 16_777_619) >>> 0,
    2_166_136_261,
  ) %
    997) /
  996;

const MOST = 60; // combos that are remembered
const files = [new Set(), new Set()]; // who stands where at this moment
const places = new Map(); // combo -> its file

/** The file with fewer in it; a combo keeps its own. */
function fileOf(kit, key) {
  const file = places.get(key) ?? Number(files[1].size < files[0].size);
  places.set(key, file);
  if (places.size > MOST) places.delete(places.keys().next().value);
  files[file].add(key);
  kit.signal.addEventListener("abort", () => files[file].delete(key));
  return file;
}

/**
 * Where a sticker stands, and how wide it is: in one of two files along the video's edge, a combo always in its one place.
 * On the phone the lower part belongs to the chat.
 */
export function spot(kit, share = 1) {
  const key = kit.gift.combo ?? kit.gift.id;
  const size = Math.min(kit.width * 0.94, Math.max(72, 112 * kit.scale)) * share;
  const floor = kit.height * (phone.matches ? 0.76 : 1);
  const x =
    kit.width / 2 -
    fileOf(kit, key) * size * 1.08 +
    (chance(key, "x") - 0.5) * Math.max(0, kit.width - size) * 0.8;
  const y = floor - size * (0.1 + 0.4 * chance(key, "y"));
  return { size, x, y };
}

/** How many this combo has by now. A combo that paused, so that its scene was over, goes on where
 * it was. */
export function reached(kit, gift, count) {
  const combos = kit.room.get("combos") ?? new Map();
  kit.room.set("combos", combos);
  const key = gift.combo ?? gift.id;
  const before = combos.get(key) ?? { sum: 0 };
  const sum = count ?? (before.last === gift.id ? before.sum : before.sum + gift.quantity);
  combos.delete(key);
  combos.set(key, { sum, last: gift.id });
  if (combos.size > MOST) combos.delete(combos.keys().next().value);
  return sum;
}

const outThere = new WeakMap(); // box -> how many are on their way

/** Whether one more may set out in a combo: never more than so many at once, and one when there is
 * much to do. */
export function mayFollow(box, kit, most) {
  const now = outThere.get(box) ?? 1;
  if (kit.still || now >= (kit.lean ? 1 : most)) return false;
  outThere.set(box, now + 1);
  kit.after(kit.length * 0.9, () => outThere.set(box, outThere.get(box) - 1));
  return true;
}
