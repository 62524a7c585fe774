"""Drawing one upload in a process of its own, within a time and a memory of its own."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from gifts.stage.rendering.renderer import DRAW, UNDRAWABLE

CPU_SECONDS = 5
MEMORY = 1_000_000_000
PATIENCE_SECONDS = 60  # a machine with much to do takes its time
# How a renderer ends that gets no more memory.
BROKEN = (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS)
RENDERER = Path(__file__).with_name("renderer.py")


class Outcome(NamedTuple):
    """How the drawing of an upload ended: with a sentence if it is refused."""

    took_ms: int
    sentence: str = ""
    picture: bytes = b""


class RendererFailed(Exception):
    """The renderer does not run here: this says nothing of the upload."""


def render(data: bytes, suffix: str) -> Outcome:
    """Draw an upload and return how that ended. Raises `RendererFailed`."""
    if suffix not in DRAW:
        return Outcome(0)  # a film is decoded frame by frame, and its frames are counted
    began = time.monotonic()
    command = [sys.executable, "-I", str(RENDERER), suffix, str(CPU_SECONDS), str(MEMORY)]
    try:
        done = subprocess.run(  # the command is ours, and so are its words
            command,
            input=data,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            env={},
            start_new_session=True,  # what ends the worker does not look like the upload's fault
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(PATIENCE_SECONDS * 1_000, too_slow())
    except OSError as fault:
        raise RendererFailed from fault
    took_ms = round((time.monotonic() - began) * 1_000)
    if done.returncode == 0:
        return Outcome(took_ms, picture=done.stdout)
    return Outcome(took_ms, sentence_of(done))


def sentence_of(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return why an upload could not be drawn. Raises `RendererFailed` if that is our fault."""
    if done.returncode == UNDRAWABLE:
        return _("The file can't be drawn. Export it again from the drawing program.")
    if done.returncode == -signal.SIGXCPU:
        return too_slow()
    if done.returncode in BROKEN or b"MemoryError" in done.stderr:
        return _("Drawing it takes too much memory. Simplify the drawing.")
    raise RendererFailed(done.stderr.decode(errors="replace")[-300:])


def too_slow() -> str:
    """Return what is said of an upload that takes too long."""
    said = _("Drawing it takes longer than %(most)s seconds. Simplify the drawing.")
    return said % {"most": CPU_SECONDS}
