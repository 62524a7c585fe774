"""`manage.py ingest`: the process that takes video in."""

import asyncio
import contextlib
import signal
from typing import Any

from django.core.management.base import BaseCommand

from video.ingest import listening
from video.ingest.desk import Desk


class Command(BaseCommand):
    """Take video in until asked to stop."""

    help = "Take in video from OBS and other encoders, and package it for the rooms."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until SIGINT or SIGTERM."""
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve())


async def serve() -> None:
    """Run the port and the desk; let the broadcasts finish at the end."""
    desk = Desk()
    loop, ask = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask.set)
    work = [asyncio.create_task(desk.run()), asyncio.create_task(listening.run(desk))]
    await ask.wait()
    for task in work:
        task.cancel()
    await desk.close()
