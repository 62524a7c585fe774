// What a creator would be told by the first viewer: it is dark, we cannot hear you.
const SIDE = 16; // pixels that are looked at, each way
const DARK = 26; // of 255, on the average
const QUIET = 0.012; // of 1: a room without a voice is a little louder
const DARK_AFTER = 3;
const QUIET_AFTER = 8;

/** How light the pixels are, from 0 to 255: the luma of ITU-R BT.601. */
export function lightOf(pixels) {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 4)
    sum += 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
  return sum / (pixels.length / 4);
}

/** Says which hint holds after looks a second apart: `dark`, `quiet`, `hushed`, `voiceless`, none. */
export class Hints {
  dark = 0;
  quiet = 0;

  /** @param {{light?: number, loud: number, voiced: boolean, hushed?: boolean}} look */
  after({ light = 255, loud, voiced, hushed = false }) {
    this.dark = light < DARK ? this.dark + 1 : 0;
    this.quiet = loud < QUIET ? this.quiet + 1 : 0;
    if (!voiced) return "voiceless";
    if (hushed) return "hushed";
    if (this.quiet >= QUIET_AFTER) return "quiet";
    return this.dark >= DARK_AFTER ? "dark" : "";
  }
}

/** Looks at a video: how light it is. */
export function eye(video) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  return () => {
    if (!brush || !video.videoWidth) return undefined;
    brush.drawImage(video, 0, 0, SIDE, SIDE);
    return lightOf(brush.getImageData(0, 0, SIDE, SIDE).data);
  };
}
