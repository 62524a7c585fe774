"""The default regions and countries."""

from typing import Any

from accounts.models import Country, Region


def load(data: dict[str, Any]) -> None:
    """Create the regions and countries that are missing; what staff changed stays."""
    for code, entry in data["regions"].items():
        fee_bp, fee_fixed = entry["fee"]
        region, _ = Region.objects.get_or_create(
            code=code,
            defaults={
                "name": entry["name"],
                "currency": entry["currency"],
                "tax_mode": data["bundles"][entry["currency"]]["tax_mode"],
                "fee_bp": fee_bp,
                "fee_fixed_minor": fee_fixed,
                "is_default": entry.get("default", False),
            },
        )
        for country, (name, tax_name, tax_rate_bp) in entry["countries"].items():
            Country.objects.get_or_create(
                code=country,
                defaults={
                    "name": name,
                    "region": region,
                    "minimum_age": data["age"].get(country, data["age"]["default"]),
                    "tax_name": tax_name,
                    "tax_rate_bp": tax_rate_bp,
                },
            )
