"""The file in which a batch's codes exist once: cards to print, or a table for a printer."""

from collections.abc import Iterator

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from foundation import sheets
from foundation.figures import figure, read_by
from foundation.pdf import Card, Paper
from wallet.codes.alphabet import written
from wallet.codes.batches import Made
from wallet.documents.content import SANDBOX
from wallet.models import CodeBatch


def link_of(code: str) -> str:
    """Return the address that a card's square leads to: the page with the code filled in."""
    site = settings.PUBLIC_URL.rstrip("/")
    return f"{site}{reverse('wallet:redeem')}?{urlencode({'code': written(code)})}"


def cards(made: Made) -> bytes:
    """Return a PDF of cards, eight on a sheet, each with its code and a square to scan."""
    batch = made.batch
    with read_by(""):
        paper = Paper(
            title=batch.name,
            author=settings.SELLER_NAME,
            at=batch.made_at or batch.created_at,
            stamp=SANDBOX if settings.SANDBOX else "",
        )
        paper.cards(_cards(made))
        return paper.bytes()


def _cards(made: Made) -> Iterator[Card]:
    batch = made.batch
    for number, code in enumerate(made.codes, 1):
        matrix = segno.make_qr(link_of(code), error="m").matrix
        yield Card(
            title=batch.name,
            worth=_worth(batch),
            lines=tuple(_lines(batch)),
            code=written(code),
            number=_("Number %(number)s") % {"number": number},
            square=tuple(tuple(bool(dot) for dot in row) for row in matrix),
        )


def _worth(batch: CodeBatch) -> str:
    facts = {"coins": figure(batch.coins), "price": batch.price}
    if batch.kind == CodeBatch.Kind.PREPAID:
        return _("%(price)s, %(coins)s coins") % facts
    return _("%(coins)s bonus coins, free of charge") % facts


def _lines(batch: CodeBatch) -> Iterator[str]:
    site = settings.PUBLIC_URL.rstrip("/").partition("://")[2]
    yield _("Scan the QR code, or type the code at %(address)s") % {
        "address": site + reverse("wallet:redeem")
    }
    until = {
        "day": date_format(batch.valid_until, "j F Y"),
        "region": batch.region and batch.region.name,
    }
    if batch.region is not None:
        yield _("Valid until %(day)s. Region: %(region)s") % until
    else:
        yield _("Valid until %(day)s") % until
    if batch.kind == CodeBatch.Kind.PREPAID:
        yield _("Tax included. The coins never expire.")
    else:
        yield _("Bonus coins expire %(days)s days after redeeming. Not refundable.") % {
            "days": figure(batch.bonus_days or 0)
        }


def table(made: Made) -> bytes:
    """Return a CSV of the codes with their links, for a printer's machine."""
    codes = enumerate(made.codes, 1)
    rows: list[list[sheets.Cell]] = [
        [number, written(code), link_of(code)] for number, code in codes
    ]
    return "".join(sheets.lines([["number", "code", "link"], *rows])).encode()
