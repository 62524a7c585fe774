// Tells whether a picture stands still, and how fast one that is late should play.
const MOST_STILL = 5;
const FINE_S = 4;
const FASTER = 1.1; // unheard

/** How fast to play so many seconds behind the newest. */
export const paceOf = (behind) => (behind > FINE_S ? FASTER : 1);

/** Its time has not moved on for some looks, a second apart. */
export class Watch {
  at = -1;
  still = 0;

  /** Count anew: a picture that was just begun may take a while. */
  begin() {
    this.at = -1;
    this.still = 0;
  }

  /** Look once; answers whether it is time to start anew. */
  stalls(time) {
    this.still = time === this.at ? this.still + 1 : 0;
    this.at = time;
    return this.still >= MOST_STILL;
  }
}
