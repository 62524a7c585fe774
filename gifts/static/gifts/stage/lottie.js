// Lottie files of ours and of staff's, played by lottie-web's light build: SVG, no expressions, no
// eval. Loaded on first use.

const files = new Map(); // address -> promise of the file's text
/** @type {Promise<any> | undefined} lottie-web, once it is wanted */
let player;

async function load() {
  await import("../../vendor/lottie-light-5.13.0.min.js");
  return globalThis.lottie;
}

function file(address) {
  if (!files.has(address)) {
    const text = fetch(address).then((answer) =>
      answer.ok ? answer.text() : Promise.reject(new Error(`${address}: ${answer.status}`)),
    );
    files.set(address, text);
    text.catch(() => files.delete(address));
  }
  return files.get(address);
}

/** "#ffb648" as the three shares a Lottie file counts in. */
const shares = (colour) =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);

/** Put words into text layers and colours into fills and strokes, each found by its layer's or
 * shape's name. */
function fill(data, texts, colours) {
  const visit = (layer) => {
    const text = texts[layer.nm];
    if (layer.ty === 5 && text !== undefined) for (const key of layer.t?.d?.k ?? []) key.s.t = text;
    const colour = colours[layer.nm];
    if ((layer.ty === "fl" || layer.ty === "st") && colour)
      layer.c = { a: 0, k: [...shares(colour), 1] };
    for (const inner of [...(layer.layers ?? []), ...(layer.shapes ?? []), ...(layer.it ?? [])])
      visit(inner);
  };
  visit(data);
  for (const asset of data.assets ?? []) visit(asset);
}

/**
 * Show the Lottie file at `address` in `parent`. Answers `{length, seek, play, pause, destroy,
 * animation}`; it does not move by itself.
 * @param {string} address
 * @param {Element} parent
 * @param {{loop?: boolean, from?: number, to?: number, texts?: Record<string, string>,
 *   colours?: Record<string, string>, fit?: string}} [how]
 */
export async function lottie(
  address,
  parent,
  { loop = false, from, to, texts = {}, colours = {}, fit = "xMidYMid meet" } = {},
) {
  player ??= load();
  const [web, text] = await Promise.all([player, file(address)]);
  const data = JSON.parse(text);
  fill(data, texts, colours);
  const first = from ?? data.ip;
  const last = to ?? data.op;
  const animation = web.loadAnimation({
    container: parent,
    renderer: "svg",
    loop,
    autoplay: false,
    animationData: data,
    initialSegment: [first, last],
    rendererSettings: { preserveAspectRatio: fit, progressiveLoad: false },
  });
  // as many pictures a second as the file has; more would be drawn for nothing
  animation.setSubframe(false);
  const frames = last - first;
  return {
    animation,
    length: (frames / data.fr) * 1000,
    /** Show the moment `ms` after its beginning, at its own pace. */
    seek(ms) {
      const frame = (ms / 1000) * data.fr;
      animation.goToAndStop(loop ? frame % frames : Math.min(frame, frames - 0.01), true);
    },
    pace: (speed) => animation.setSpeed(speed),
    play: () => animation.play(),
    pause: () => animation.pause(),
    destroy: () => animation.destroy(),
  };
}
