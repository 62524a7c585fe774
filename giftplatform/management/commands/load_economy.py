"""Load the default economy."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts import seed as accounts
from giftplatform.staff import groups
from gifts.catalogue import seed as gifts
from payouts import seed as payouts
from wallet import seed as wallet

DATA = Path(settings.BASE_DIR) / "giftplatform" / "data"
ECONOMY = DATA / "economy.yaml"
TERMS = DATA / "terms" / "2026-01.txt"


class Command(BaseCommand):
    """Create what is missing of the default economy, and keep the groups that come with the site.

    Run it as often as you like.
    """

    help = "Load missing parts of the default economy. Changes made by staff are kept."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Load every part, lowest layer first."""
        data = yaml.safe_load(ECONOMY.read_text())
        data["terms"] = {"version": TERMS.stem, "text": TERMS.read_text()}
        for part in (accounts, wallet, gifts, payouts):
            part.load(data)
        groups.keep()
        if options["verbosity"]:
            self.stdout.write("Economy loaded.")
