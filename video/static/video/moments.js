// A replay's time in the browser: which moment of the stream one of its seconds shows.

/** @typedef {[at: number, began: number, seconds: number]} Part without a cut */

/**
 * @param {Part[]} parts
 * @param {number} second
 */
export function momentAt(parts, second) {
  const [at, began, seconds] = parts.findLast((part) => second >= part[0]) ?? parts[0];
  const into = Math.min(Math.max(second - at, 0), seconds);
  return new Date((began + into) * 1_000).toISOString();
}
