// How pictures of several senders are kept at one moment: by when each was sent.
const FAR_S = 1.5;
const NEAR_S = 0.15;
const FASTER = 1.07; // unheard
const SLOWER = 0.94;
const BESIDE_S = 2; // behind the newest, with guests: theirs may come a little later

/** What to do with a picture that is so many seconds ahead (behind: below zero). */
export function stepOf(ahead) {
  if (Math.abs(ahead) > FAR_S) return { jump: -ahead, rate: 1 };
  if (Math.abs(ahead) <= NEAR_S) return { jump: 0, rate: 1 };
  return { jump: 0, rate: ahead > 0 ? SLOWER : FASTER };
}

/** How fast the creator's picture plays so many seconds behind its newest, and slower while a guest's
 * has nothing more to play. */
export function leadOf(behind, starving) {
  if (starving || behind < BESIDE_S - 0.6) return SLOWER;
  return behind > BESIDE_S + 0.6 ? FASTER : 1;
}
