"""The default regions, countries and terms."""

from typing import Any

from accounts.models import Country, Region, TaxRate, Terms
from foundation.dated import BEGINNING


def load(data: dict[str, Any]) -> None:
    """Create what is missing; what staff changed stays.

    The terms come with the site only until it has some of its own.
    """
    if not Terms.objects.exists():
        Terms.objects.create(**data["terms"], valid_from=BEGINNING)
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
            found, new = Country.objects.get_or_create(
                code=country,
                defaults={
                    "name": name,
                    "region": region,
                    "minimum_age": data["age"].get(country, data["age"]["default"]),
                    "tax_name": tax_name,
                },
            )
            if new:
                TaxRate.objects.create(country=found, rate_bp=tax_rate_bp, valid_from=BEGINNING)
