"""The default gift catalogue and the rules for sending."""

from pathlib import Path
from typing import Any

import yaml

from gifts.models import Gift, GiftPolicy, GiftPrice
from wallet.seed import BEGINNING

ALT = Path(__file__).parent / "data" / "alt.yaml"


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
    limits, combo_rules, hold = data["limits"], data["combo"], data["payout"]["hold_days"]
    club = data["club"]
    GiftPolicy.objects.get_or_create(
        pk=1,
        defaults={
            "confirm_from_coins": limits["confirm_from_coins"],
            "hold_to_send_from_coins": limits["hold_to_send_from_coins"],
            "undo_small_seconds": limits["undo_s"]["lt_500"],
            "undo_large_seconds": limits["undo_s"]["gte_500"],
            "combo_max_coins": combo_rules["max_coins"],
            "combo_window_ms": combo_rules["window_ms"],
            "club_coins": club["coins"],
            "club_days": club["days"],
            "level_coins": data["levels"],
            "hold_days_new": hold["new"],
            "hold_days_trusted": hold["trusted"],
            "hold_days_flagged": hold["flagged"],
        },
    )
