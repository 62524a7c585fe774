"""Load the demo of a sandbox."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from giftplatform.demo import people, story
from giftplatform.runtime.sandbox_guard import refuse_other_money


class Command(BaseCommand):
    """Tell the demo's story once: its people, streams, purchases, gifts and payouts."""

    help = "Load demo people, streams and gifts into a sandbox. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make everything through the site's services. Refuses outside a sandbox."""
        if not settings.SANDBOX:
            raise CommandError("Demo data can only be loaded in a sandbox.")
        refuse_other_money()
        if User.objects.filter(handle=people.STAFF[-1].handle).exists():
            return
        story.tell()
        if options["verbosity"]:
            self.stdout.write("Demo data loaded.")
