"""The EPC QR code of a transfer in euro (EPC069-12, version 2.1): a banking app fills it in."""

from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe
from segno.helpers import make_epc_qr

CURRENCY = "EUR"
MOST_MINOR = 99_999_999_999  # 999,999,999.99: what the code can say


def svg(*, name: str, iban: str, bic: str, amount_minor: int, reference: str) -> SafeString:
    """Return the code as an SVG for a page. Its reference is the structured one (ISO 11649)."""
    code = make_epc_qr(
        name=name[:70],
        iban=iban,
        amount=Decimal(amount_minor) / 100,
        reference=reference,
        bic=bic or None,
        encoding="utf-8",
    )
    drawn = code.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(drawn)  # noqa: S308  # a picture of modules, without a word of anybody
