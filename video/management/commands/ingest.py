"""`manage.py ingest`: the process that takes video in."""

import asyncio
import contextlib
from typing import Any

from django.core.management.base import BaseCommand

from video.ingest import desk, listening


class Command(BaseCommand):
    """Take video in until asked to stop."""

    help = "Take in video from OBS and other encoders, and package it for the rooms."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until SIGINT or SIGTERM."""
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(desk.serve(listening.run))
