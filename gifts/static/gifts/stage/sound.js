// A small synthesizer: scenes hum a few notes through it, without a sound file. It stays silent
// until the page's sound is turned on, and never gets loud.

const LEVEL = 0.16;
const NAMES = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** Waveform, attack and release in seconds, how much of the octave above, the filter's edge as a
 * multiple of the note. */
const VOICES = {
  bell: { wave: "sine", attack: 0.005, release: 0.5, above: 0.35, edge: 8 },
  brass: { wave: "sawtooth", attack: 0.03, release: 0.09, above: 0, edge: 3.2 },
  choir: { wave: "triangle", attack: 0.22, release: 0.5, above: 0.12, edge: 4 },
  pluck: { wave: "triangle", attack: 0.004, release: 0.22, above: 0.1, edge: 6 },
  soft: { wave: "sine", attack: 0.04, release: 0.2, above: 0, edge: 6 },
};

/** @type {{context: AudioContext, out: AudioNode} | undefined} once there is something to hear */
let speaker;
let share = 1;

/** Set how loud it may get, from 0 to 1: the overlay's settings say. */
export const volume = (part) => (share = part);

/** "A4", "C#5", "Bb3" or a number of hertz. */
function pitch(note) {
  if (typeof note === "number") return note;
  const [, letter, bend, octave] = /^([A-G])([#b]?)(-?\d)$/.exec(note) ?? [];
  if (!letter) return 0;
  const key =
    NAMES[letter] + Number(bend === "#") - Number(bend === "b") + 12 * (Number(octave) + 1);
  return 440 * 2 ** ((key - 69) / 12);
}

function open() {
  if (!speaker) {
    const context = new AudioContext();
    speaker = { context, out: context.createDynamicsCompressor() };
    speaker.out.connect(context.destination);
  }
  const { context } = speaker;
  if (context.state === "suspended") context.resume().catch(() => undefined);
  return speaker;
}

function sing(tune, note, start, length, voice) {
  const { context } = tune;
  const hertz = pitch(note);
  if (!hertz) return;
  const from = context.currentTime + start / 1000;
  const until = from + length / 1000;
  const gain = context.createGain();
  const filter = context.createBiquadFilter();
  filter.type = "lowpass";
  filter.frequency.value = Math.min(hertz * voice.edge, 9_000);
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(1, from + Math.min(voice.attack, length / 2000));
  gain.gain.setValueAtTime(1, Math.max(until - 0.02, from + voice.attack));
  gain.gain.exponentialRampToValueAtTime(0.001, until + voice.release);
  filter.connect(gain).connect(tune);
  for (const [ratio, share] of [
    [1, 1],
    [2, voice.above],
  ]) {
    if (!share) continue;
    const wave = context.createOscillator();
    const part = context.createGain();
    wave.type = voice.wave;
    wave.frequency.value = hertz * ratio;
    part.gain.value = share;
    wave.connect(part).connect(filter);
    wave.start(from);
    wave.stop(until + voice.release);
  }
}

/** Play `[[note, start ms, length ms], ...]`; returns what makes it stop. */
export function sound(notes, { voice = "bell" } = {}) {
  const { context, out } = open();
  const tune = context.createGain();
  tune.gain.value = (LEVEL * share) / Math.sqrt(Math.max(1, voice === "choir" ? 4 : 1));
  tune.connect(out);
  for (const [note, start, length] of notes)
    sing(tune, note, start, length, VOICES[voice] ?? VOICES.bell);
  const ends = Math.max(0, ...notes.map(([, start, length]) => start + length)) + 800;
  const tidy = setTimeout(() => tune.disconnect(), ends);
  return () => {
    clearTimeout(tidy);
    tune.gain.setTargetAtTime(0, context.currentTime, 0.04);
    setTimeout(() => tune.disconnect(), 250);
  };
}
