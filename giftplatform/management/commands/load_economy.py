"""Load the default economy."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts import seed as accounts
from gifts.catalogue import seed as gifts
from payouts import seed as payouts
from wallet import seed as wallet

ECONOMY = Path(settings.BASE_DIR) / "giftplatform" / "data" / "economy.yaml"


class Command(BaseCommand):
    """Create what is missing of the default economy. Run it as often as you like."""

    help = "Load missing parts of the default economy. Changes made by staff are kept."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Load every part, lowest layer first."""
        data = yaml.safe_load(ECONOMY.read_text())
        for part in (accounts, wallet, gifts, payouts):
            part.load(data)
        if options["verbosity"]:
            self.stdout.write("Economy loaded.")
