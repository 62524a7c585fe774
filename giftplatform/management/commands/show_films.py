"""`manage.py show_films`: the process that sends the demo's films."""

import asyncio
import contextlib
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from giftplatform.demo import feed
from video.ingest import desk


class Command(BaseCommand):
    """Show a film in two of the demo's rooms until asked to stop."""

    help = "Send the demo's films into their rooms, as encoders would."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send until SIGINT or SIGTERM. Refuses outside a sandbox."""
        if not settings.SANDBOX:
            raise CommandError("The demo's films can only be shown in a sandbox.")
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(desk.serve(feed.run))
