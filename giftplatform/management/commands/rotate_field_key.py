"""Encrypt everything with the first key of FIELD_KEY."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from giftplatform import field_key


class Command(BaseCommand):
    """Make the older keys of FIELD_KEY needless, and say how many rows were encrypted anew."""

    help = "Encrypt bank details, bank files, overlay addresses and second factors with a new key."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through every table; complain at the end about rows that no key opens."""
        lost = 0
        for count in field_key.rotate():
            lost += count.lost
            left = f", {count.lost} that no key opens" if count.lost else ""
            self.stdout.write(f"{count.name}: {count.rows} rows encrypted anew{left}")
        if lost:
            raise CommandError(
                f"No key in FIELD_KEY opens {lost} rows; they were left as they are."
                " Put the key that they were encrypted with behind the others and run this again."
            )
        self.stdout.write("Everything is encrypted with the first key. The others may go.")
