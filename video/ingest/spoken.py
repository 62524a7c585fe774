"""What a camera's page says beside its video: captions, for which the picture never waits."""

import asyncio
import json
import logging
from typing import Any

from foundation.errors import DomainError
from video import captions
from video.ingest.intake import NO_DATABASE, Intake
from video.ingest.meters import Rate, TooFast

log = logging.getLogger(__name__)

LARGEST = 1_024
MOST_A_SECOND = 2
MOST_WAITING = 8
MOST_AGO_MS = 1e9  # a number may have a thousand digits, or be none


class Spoken:
    """The captions of one socket. What is no caption, or comes too fast, is left out."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self._rate = Rate(MOST_A_SECOND)
        self._waiting: asyncio.Queue[tuple[str, float]] = asyncio.Queue(MOST_WAITING)
        self._saying = asyncio.create_task(self._say())

    def take(self, said: str) -> None:
        """Take a message of the page."""
        line = _line(said)
        if line is None:
            return
        try:
            self._rate.take(1)
            self._waiting.put_nowait(line)
        except (TooFast, asyncio.QueueFull):
            log.info("A caption came too fast.")

    async def _say(self) -> None:
        while True:
            text, ago_s = await self._waiting.get()
            if not self.intake.shown:
                continue  # nobody sees what it belongs to
            try:
                await self.intake.site.ask(
                    captions.say, broadcast=self.intake.broadcast, text=text, ago_s=ago_s
                )
            except DomainError:
                pass  # a blocked word: chat would not have it either
            except NO_DATABASE:
                log.warning("The database does not answer; a caption is not shown.")

    def close(self) -> None:
        """Say nothing more."""
        self._saying.cancel()


def _line(said: str) -> tuple[str, float] | None:
    """Return the text of a caption and how long ago it was spoken; nothing for anything else."""
    try:
        told: Any = json.loads(said) if len(said) <= LARGEST else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    text, ago_ms = told.get("caption"), told.get("ago_ms", 0)
    fits = isinstance(text, str) and isinstance(ago_ms, int | float) and abs(ago_ms) < MOST_AGO_MS
    return (text.replace("\0", ""), ago_ms / 1_000) if fits and text else None
