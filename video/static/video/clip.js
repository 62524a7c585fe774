// A clip's video, where the browser does not play HLS itself.
import { library, playsItself } from "./hls.js";

/** @type {NodeListOf<HTMLVideoElement>} */
const clips = document.querySelectorAll("video[data-clip]");
for (const video of clips) {
  if (playsItself(video)) continue;
  const src = video.src;
  video.removeAttribute("src");
  library().then((Hls) => {
    const hls = new Hls({ enableWorker: false });
    hls.loadSource(src);
    hls.attachMedia(video);
  });
}
