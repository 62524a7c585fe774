"""Drawing an uploaded picture anew, in a process with a time and a memory of its own."""

import logging
import signal
import subprocess
import sys
from pathlib import Path

from accounts.models import Part
from accounts.pictures import drawer
from accounts.pictures.refusals import (
    PictureDamaged,
    PictureRefused,
    PicturesAway,
    PictureTooManyPixels,
    PictureTooMuch,
    PictureTooSmall,
    PictureUnknown,
)

log = logging.getLogger(__name__)

# As they are kept, in pixels: twice as large as they are shown.
SIZES = {Part.PICTURE: (512, 512), Part.COVER: (1600, 533), Part.POSTER: (720, 960)}
CPU_SECONDS = 5
MEMORY = 800_000_000
PATIENCE_SECONDS = 30  # a machine with much to do takes its time
# How a process ends that gets no more time or memory.
BROKEN = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS)
DRAWER = Path(drawer.__file__)


def draw(data: bytes, part: Part) -> bytes:
    """Return the picture as it is kept. Raises `PictureRefused` and its kinds, `PicturesAway`."""
    width, height = SIZES[part]
    numbers = [str(number) for number in (width, height, CPU_SECONDS, MEMORY)]
    try:
        done = subprocess.run(  # the command is ours, and so are its words
            [sys.executable, "-I", str(DRAWER), *numbers],
            input=data,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            env={},
            start_new_session=True,  # what ends the server does not look like the picture's fault
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PictureTooMuch from None
    except OSError as fault:
        raise PicturesAway from fault
    if done.returncode == 0:
        return done.stdout
    raise refusal_of(done)


def refusal_of(done: subprocess.CompletedProcess[bytes]) -> PictureRefused | PicturesAway:
    """Return why a picture could not be drawn."""
    known: dict[int, PictureRefused] = {
        drawer.DAMAGED: PictureDamaged(),
        drawer.UNKNOWN: PictureUnknown(),
        drawer.TOO_MANY_PIXELS: PictureTooManyPixels(most=drawer.MOST_PIXELS // 1_000_000),
        drawer.TOO_SMALL: PictureTooSmall(least=drawer.LEAST_SIDE),
    }
    if done.returncode in known:
        return known[done.returncode]
    if done.returncode in BROKEN or b"MemoryError" in done.stderr:
        return PictureTooMuch()
    log.error("Pictures can't be drawn here: %s", done.stderr.decode(errors="replace")[-300:])
    return PicturesAway()
