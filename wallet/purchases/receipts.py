"""Receipts: their number and their facts."""

from decimal import Decimal

from django.conf import settings

from wallet.models import Purchase


def number(purchase: Purchase) -> str:
    """Return the receipt's number: the year of the payment and the order's own number."""
    year = purchase.captured_at.year if purchase.captured_at else purchase.created_at.year
    return f"{'SANDBOX-' if settings.SANDBOX else ''}{year}-{purchase.pk:06d}"


def facts(purchase: Purchase) -> dict[str, object]:
    """Return everything on the page: buyer, seller, amounts, how it was paid."""
    return {
        "purchase": purchase,
        "number": number(purchase),
        "seller": settings.SELLER_NAME,
        "seller_lines": list(filter(None, settings.SELLER_ADDRESS.split("|"))),
        "seller_tax_id": settings.SELLER_TAX_ID,
        "tax_percent": f"{(Decimal(purchase.tax_rate_bp) / 100).normalize():f}",
    }
