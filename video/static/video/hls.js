// How HLS is played: by the browser itself where it has no Media Source Extensions, else by hls.js,
// which is fetched when it is needed.
export const HLS = "application/vnd.apple.mpegurl";

/** @param {HTMLVideoElement} video */
export const playsItself = (video) => Boolean(video.canPlayType(HLS) && !globalThis.MediaSource);

export async function library() {
  const { default: Hls } = await import("../vendor/hls-light-1.7.4.min.js");
  return Hls;
}
