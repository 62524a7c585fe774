// What a viewer chose stays from room to room: how loud, sound on or off, a still picture instead
// of video, captions, which rendition. A browser that keeps nothing for sites plays on without.
import { kept, store } from "./store.js";

const NAME = "watching";
const FIRST = { muted: true, volume: 1, still: /** @type {boolean | undefined} */ (undefined) };
const QUALITIES = ["auto", "sent", "small"];

const read = () => kept(NAME) ?? {};

/** What was chosen: `{muted, volume, still, captions, quality}`; what is kept and makes no sense is not taken. */
export function chosen() {
  const { muted, volume, still, captions, quality } = read();
  return {
    muted: typeof muted === "boolean" ? muted : FIRST.muted,
    volume: volume >= 0 && volume <= 1 ? volume : FIRST.volume,
    still: typeof still === "boolean" ? still : FIRST.still,
    captions: typeof captions === "boolean" ? captions : true,
    quality: QUALITIES.includes(quality) ? quality : "auto",
  };
}

/** Keep choices beside the others. */
export const keep = (choices) => store(NAME, { ...read(), ...choices });

/** Whether a room begins with a still picture: by choice, else because the browser saves data. */
export const beginsStill = (connection = /** @type {any} */ (navigator).connection) =>
  chosen().still ?? Boolean(connection?.saveData);
