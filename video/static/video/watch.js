// Tells whether a picture stands still: its time has not moved on for some looks, a second apart.
const MOST_STILL = 5;

export class Watch {
  /** Count anew: a picture that was just begun may take a while. */
  begin() {
    this.at = -1;
    this.still = 0;
  }

  constructor() {
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
