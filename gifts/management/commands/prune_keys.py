"""Forget old idempotency keys of gifts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gifts.sending import pruning


class Command(BaseCommand):
    """Delete the keys of gifts, and of their undoing, that are older than so many days."""

    help = (
        "Delete the idempotency keys of old gifts. Keys of purchases and payouts are kept forever."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the age: deleting has no default."""
        parser.add_argument("--older-than-days", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prune in small steps while the site goes on."""
        try:
            pruned = pruning.prune_keys(older_than_days=options["older_than_days"])
        except pruning.TooYoung as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Keys deleted: {pruned:,}.")
