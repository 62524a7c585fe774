"""Load the demo of a sandbox."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from giftplatform.demo import people, story


class Command(BaseCommand):
    """Tell the demo's story once: its people, streams, purchases and gifts."""

    help = "Load demo people, streams and gifts into a sandbox. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make everything through the site's services. Refuses outside a sandbox."""
        if not settings.SANDBOX:
            raise CommandError("Demo data can only be loaded in a sandbox.")
        if User.objects.filter(handle=people.STAFF[-1].handle).exists():
            return  # staff come last: the story has been told to its end
        cast = {
            person.handle: User.objects.filter(handle=person.handle).first()
            or people.create(person)
            for person in (*people.FANS, *people.CREATORS)
        }
        streams = story.put_on_air(cast)
        for fan in people.FANS:
            story.buy_coins(cast[fan.handle])
        story.send_a_month_of_gifts(cast, streams)
        story.tonight(cast, streams)
        for person in people.STAFF:
            if not User.objects.filter(handle=person.handle).exists():
                people.create(person)
        if options["verbosity"]:
            self.stdout.write("Demo data loaded.")
