// What a creator sends: the camera, the screen, or sound under a still picture. Always one track of
// picture and one of sound, the latter mixed of all that is heard; without a microphone it is silent.

const FRAMES = 30;
const STILL_FRAMES = 10;
const SMALL = 0.5; // 360p beside 720p

/** The size that is asked for: upright for phones, a half of it for a slow line. */
export function sizeOf({ upright = false, small = false } = {}) {
  const [long, short] = [1280, 720].map((side) => (small ? side * SMALL : side));
  return upright ? { width: short, height: long } : { width: long, height: short };
}

const wish = (id) => (id ? { deviceId: { exact: id } } : {});
const ideal = (size) => ({
  width: { ideal: size.width },
  height: { ideal: size.height },
  aspectRatio: { ideal: size.width / size.height },
  frameRate: { ideal: FRAMES },
});
const isMissing = (error) => error instanceof DOMException && error.name === "NotFoundError";

async function microphone(media, id) {
  try {
    return await media.getUserMedia({ audio: { echoCancellation: true, ...wish(id) } });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function camera(media, { video, audio, size }) {
  const picture = { ...ideal(size), ...wish(video) };
  try {
    const sound = { echoCancellation: true, ...wish(audio) };
    return [await media.getUserMedia({ video: picture, audio: sound })];
  } catch (error) {
    // Which of the two is missing is not said.
    if (!isMissing(error)) throw error;
    return [await media.getUserMedia({ video: picture })];
  }
}

async function screen(media, { audio, size }) {
  const shown = await media.getDisplayMedia({ video: ideal(size), audio: true });
  const heard = await microphone(media, audio).catch(() => undefined);
  return heard ? [shown, heard] : [shown];
}

/** A picture that stands still, over which bars say how loud it is. */
function still(size, { face, loud }) {
  const canvas = Object.assign(document.createElement("canvas"), size);
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const radius = Math.min(size.width, size.height) / 5;
  const [x, y] = [size.width / 2, size.height / 2 - radius / 2];
  const night = brush.createLinearGradient(0, 0, 0, size.height);
  night.addColorStop(0, "#1a2c4d");
  night.addColorStop(1, "#0b1118");
  const draw = () => {
    brush.fillStyle = night;
    brush.fillRect(0, 0, size.width, size.height);
    if (face?.complete && face.naturalWidth) {
      brush.save();
      brush.beginPath();
      brush.arc(x, y, radius, 0, 2 * Math.PI);
      brush.clip();
      brush.drawImage(face, x - radius, y - radius, 2 * radius, 2 * radius);
      brush.restore();
    }
    brush.fillStyle = "#ffb547";
    for (let bar = -4; bar <= 4; bar += 1) {
      const height = radius * (0.06 + loud() * (1 - Math.abs(bar) / 6) * (0.6 + Math.random() / 2));
      brush.fillRect(x + bar * radius * 0.2, y + radius * 1.8 - height / 2, radius * 0.1, height);
    }
  };
  draw();
  const drawing = setInterval(draw, 1_000 / STILL_FRAMES);
  return { stream: canvas.captureStream(STILL_FRAMES), end: () => clearInterval(drawing) };
}

/** The sound of these streams as one track, and how loud it is. */
function mix(streams) {
  const sound = new AudioContext();
  const mixed = sound.createMediaStreamDestination();
  const analyser = sound.createAnalyser();
  const waves = new Float32Array(analyser.fftSize);
  for (const stream of streams)
    if (stream.getAudioTracks().length) {
      const heard = sound.createMediaStreamSource(stream);
      heard.connect(mixed);
      heard.connect(analyser);
    }
  sound.resume();
  const loud = () => {
    analyser.getFloatTimeDomainData(waves);
    return Math.sqrt(waves.reduce((sum, wave) => sum + wave * wave, 0) / waves.length);
  };
  return { track: mixed.stream.getAudioTracks()[0], loud, end: () => sound.close() };
}

/**
 * What a creator chose, open: the stream to send, how loud it is from 0 to 1, whether a microphone
 * is heard, its track, the devices in use, and an end. Raises what the browser says where it refuses.
 * @param {{kind: string, video: string, audio: string, size: {width: number, height: number},
 *   face?: HTMLImageElement | null, media?: MediaDevices}} chosen
 */
export async function open({ kind, face, media = navigator.mediaDevices, ...wishes }) {
  const heard = kind === "sound" ? await microphone(media, wishes.audio) : undefined;
  const way = kind === "screen" ? screen : camera;
  const streams = kind === "sound" ? (heard ? [heard] : []) : await way(media, wishes);
  const mixed = mix(streams);
  const loud = () => Math.min(1, mixed.loud() * 3);
  const drawn = kind === "sound" ? still(wishes.size, { face, loud }) : undefined;
  const picture = (drawn?.stream ?? streams[0]).getVideoTracks()[0];
  const tracks = streams.flatMap((stream) => stream.getTracks());
  const speaks = streams.filter((stream) => stream !== streams[0] || kind !== "screen");
  const voice = speaks.flatMap((stream) => stream.getAudioTracks())[0];
  return {
    stream: new MediaStream([picture, mixed.track]),
    picture,
    loud,
    voiced: Boolean(voice),
    voice,
    /** Let nobody hear the voice, or everybody again; a screen's own sound goes on. */
    hush(silent) {
      if (voice) voice.enabled = !silent;
    },
    devices: {
      video: kind === "camera" ? (picture.getSettings().deviceId ?? "") : "",
      audio: voice?.getSettings().deviceId ?? "",
    },
    end() {
      for (const track of [...tracks, picture]) track.stop();
      drawn?.end();
      mixed.end();
    },
  };
}
