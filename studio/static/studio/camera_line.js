// How much the line takes up, measured before anything is sent, and what is sent over it.
const PROBE = 384 * 1024;
const PART = 65_536; // what a browser draws at random at once
const ENOUGH = 4_000; // kbit/s: 2,500 of picture, 128 of sound, and air

export const LARGE = { name: "720p", bits: 2_500_000, small: false };
export const SMALL = { name: "360p", bits: 800_000, small: true };

/** What the line carries; one that was not measured gets the large picture. */
export const fit = (kbit) => (kbit && kbit < ENOUGH ? SMALL : LARGE);

/** The kbit/s of an upload of so many bytes in so many milliseconds. */
export const rateOf = (bytes, ms) => Math.round((bytes * 8) / Math.max(1, ms));

/** Send what nothing can press together, and return the kbit/s; 0 where it did not arrive. */
export async function measure(
  address,
  token,
  { post = fetch, now = () => performance.now() } = {},
) {
  const body = new Uint8Array(PROBE);
  for (let at = 0; at < PROBE; at += PART) crypto.getRandomValues(body.subarray(at, at + PART));
  const since = now();
  try {
    const headers = { "X-CSRFToken": token, "Content-Type": "application/octet-stream" };
    const answer = await post(address, { method: "POST", body, headers });
    return answer.ok ? rateOf(PROBE, now() - since) : 0;
  } catch {
    return 0;
  }
}
