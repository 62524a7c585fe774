"""The default gift catalogue and the rules for sending."""

from pathlib import Path
from typing import Any

import yaml

from foundation.dated import BEGINNING
from gifts.models import Gift, GiftPolicy, GiftPrice

ALT = Path(__file__).parent / "alt.yaml"


def load(data: dict[str, Any]) -> None:
    """Create the gifts that are missing; what staff changed stays."""
    alt: dict[str, str] = yaml.safe_load(ALT.read_text()) if ALT.exists() else {}
    for position, (slug, coins, kind, duration_ms, combo) in enumerate(data["gifts"], start=1):
        gift, created = Gift.objects.get_or_create(
            slug=slug,
            defaults={
                "name": slug.replace("-", " ").title(),
                "alt": alt.get(slug, ""),
                "kind": kind,
                "duration_ms": duration_ms,
                "combo": combo,
                "art": f"gifts/art/{slug}.svg",
                "position": position,
                **data["gift_flags"].get(slug, {}),
            },
        )
        if created:
            GiftPrice.objects.create(gift=gift, coins=coins, valid_from=BEGINNING)
    GiftPolicy.objects.get_or_create(pk=1)
