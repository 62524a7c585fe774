// Reads the clock that `camera.js` draws in the pictures of a room, ten times a second as they are
// shown; `pictures` has [shown at, drawn at].
{
  globalThis.pictures = [];
  const small = Object.assign(document.createElement("canvas"), { width: 96, height: 54 });
  const ctx = small.getContext("2d", { willReadFrequently: true });
  const read = (video) => {
    ctx.drawImage(video, 0, 0, 96, 54);
    const { data } = ctx.getImageData(0, 0, 96, 12);
    const light = (bit, y) => data[4 * (96 * y + 4 * bit + 2) + 1];
    let code = 0;
    for (let bit = 0; bit < 24; bit++) {
      const above = light(bit, 3), below = light(bit, 9);
      if (Math.abs(above - below) < 60) return undefined;
      if (above > below) code |= 1 << bit;
    }
    for (let shift = 1; shift < 24; shift <<= 1) code ^= code >> shift;
    const now = Date.now();
    return now - ((now - code + 2 ** 24) % 2 ** 24);
  };
  let watched;
  const watch = (video) => {
    watched = video;
    const look = () => {
      const drawn = read(video);
      if (drawn) globalThis.pictures.push([Date.now(), drawn]);
      setTimeout(() => video.requestVideoFrameCallback(look), 100);
    };
    video.requestVideoFrameCallback(look);
  };
  setInterval(() => {
    const video = document.querySelector("video[data-video]");
    if (video && video !== watched) watch(video);
  }, 50);
}
