"""The sounds of the demo's films: plucked strings over water, a workshop with a fire.

Everything is added into a ring, so the end runs into the beginning.
"""

import math
import random
import wave
from array import array
from collections.abc import Callable
from pathlib import Path

RATE = 32_000
LOOP_S = 40  # 1,250 whole frames of AAC
LENGTH = RATE * LOOP_S
chance = random.Random(7)  # noqa: S311  # the same sound each time


class Ring:
    """Both channels of one loop."""

    def __init__(self) -> None:
        self.sides = ([0.0] * LENGTH, [0.0] * LENGTH)

    def add(self, at_s: float, sound: list[float], level: float, place: float = 0.5) -> None:
        """Add a sound at a time; `place` is 0 at the left, 1 at the right."""
        begin = int(at_s * RATE)
        for side, share in zip(self.sides, (math.sqrt(1 - place), math.sqrt(place)), strict=True):
            for number, value in enumerate(sound):
                side[(begin + number) % LENGTH] += value * level * share


def plucked(pitch: float, seconds: float = 2.6, softness: float = 0.5) -> list[float]:
    """Return a string as Karplus and Strong pluck it."""
    period = int(RATE / pitch)
    line = [chance.uniform(-1, 1) for _ in range(period)]
    for _ in range(4):  # a thumb, no plectrum
        line = [(line[at - 1] + line[at]) / 2 for at in range(period)]
    sound = []
    for at in range(int(seconds * RATE)):
        here = at % period
        value = line[here]
        line[here] = 0.996 * ((1 - softness) * value + softness * line[(here + 1) % period])
        sound.append(value)
    return faded(sound)


def struck(pitch: float, seconds: float = 3.0) -> list[float]:
    """Return a tongue of a kalimba."""
    return faded(
        [
            math.exp(-2.2 * at / RATE) * math.sin(2 * math.pi * pitch * at / RATE)
            + 0.25 * math.exp(-9 * at / RATE) * math.sin(2 * math.pi * 5.4 * pitch * at / RATE)
            for at in range(int(seconds * RATE))
        ]
    )


def faded(sound: list[float], seconds: float = 0.3) -> list[float]:
    """Return the sound without a click at its end."""
    length = int(seconds * RATE)
    for number in range(length):
        sound[-1 - number] *= number / length
    return sound


def rushing(smooth: float, swell_s: float) -> list[float]:
    """Return noise that comes and goes: water, wind, a fire's breath."""
    low, sound = 0.0, []
    noise = [chance.uniform(-1, 1) for _ in range(LENGTH)]
    for at in range(-RATE, LENGTH):  # a second before, so that the filter ends where it begins
        low += smooth * (noise[at % LENGTH] - low)
        if at >= 0:
            sound.append(low * (0.65 + 0.35 * math.sin(2 * math.pi * at / RATE / swell_s)))
    return sound


NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def pitch(name: str) -> float:
    """Return the frequency of a note such as `A2`."""
    number = NOTES.index(name[:-1]) + 12 * (int(name[-1]) + 1)
    return float(440 * 2 ** ((number - 69) / 12))


CHORDS = (
    *("A2 E3 A3 C4 E4", "F2 C3 A3 C4 E4", "C3 G3 C4 E4 G4", "G2 D3 G3 B3 D4"),
    *("A2 E3 A3 C4 E4", "D3 A3 D4 F4 A4", "F2 C3 F3 A3 C4", "E2 B2 E3 G#3 B3"),
)


def guitar(ring: Ring) -> None:
    """Play a slow song, a chord in five seconds, as the hand in the picture moves."""
    strings = {name: plucked(pitch(name)) for chord in CHORDS for name in chord.split()}
    for bar, chord in enumerate(CHORDS):
        names = chord.split()
        for stroke, level in enumerate((1.0, 0.35, 0.6, 0.4, 0.85, 0.35, 0.6, 0.45)):
            at = 5 * bar + 0.625 * stroke
            played = names if stroke % 2 == 0 else names[:1:-1]
            for place, name in enumerate(played):
                late = 0.021 * place + chance.uniform(0, 0.006)
                ring.add(at + late, strings[name], 0.5 * level, 0.4 + 0.05 * place)
    ring.add(0, rushing(0.05, 8), 0.22, 0.35)
    ring.add(13, rushing(0.03, 10), 0.3, 0.7)


TUNE = "D5 . A4 . F5 . . . E5 . A4 . C5 . . . D5 . F5 . A5 . . . G5 . E5 . C5 . . ."


def workshop(ring: Ring) -> None:
    """Play a kalimba on the shelf, the wheel's hum, and the fire in the kiln."""
    for number, name in enumerate(TUNE.split() * 2):
        if name != ".":
            at = 0.625 * number + chance.uniform(0, 0.02)
            ring.add(at, struck(pitch(name)), 0.16, 0.3)
    for number, name in enumerate(("D3", "A3", "F3", "C3") * 2):
        ring.add(5 * number, struck(pitch(name), 4.5), 0.22, 0.35)
    hum = [
        (0.7 + 0.3 * math.sin(2 * math.pi * at / RATE * 0.5))
        * math.sin(2 * math.pi * 58 * at / RATE)
        + 0.4 * math.sin(2 * math.pi * 116 * at / RATE)
        for at in range(LENGTH)
    ]
    ring.add(0, hum, 0.05)
    ring.add(0, rushing(0.08, 5), 0.16, 0.75)
    for _ in range(260):
        snap = [chance.uniform(-1, 1) * math.exp(-at / 40) for at in range(400)]
        ring.add(chance.uniform(0, LOOP_S), snap, 0.3 * chance.random() ** 3, 0.8)


SOUNDS: dict[str, Callable[[Ring], None]] = {"night-guitar": guitar, "pottery-wheel": workshop}


def write(play: Callable[[Ring], None], file: Path) -> None:
    """Write a sound as a WAV, well below what is loud."""
    ring = Ring()
    play(ring)
    loudest = max(abs(value) for side in ring.sides for value in side)
    samples = array("h", [0]) * (2 * LENGTH)
    for number, side in enumerate(ring.sides):
        samples[number::2] = array("h", [int(18_000 * value / loudest) for value in side])
    with wave.open(str(file), "wb") as out:
        out.setparams((2, 2, RATE, 0, "NONE", ""))
        out.writeframes(samples.tobytes())
