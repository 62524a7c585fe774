"""What a month's statement says."""

from collections.abc import Callable, Iterator
from itertools import groupby

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from foundation.figures import figure, read_by
from foundation.money import money
from foundation.pdf import Column
from wallet.bonus import lots
from wallet.documents.content import Cell, Content, Say, Section, day_in_words, drawn, sender
from wallet.models import Document
from wallet.statements.months import Month, end_of

# The lines of the coins in their order: the other side's kind of account, and whether they came.
LINES: dict[tuple[str, bool], StrOrPromise] = {
    ("coins_issued", True): gettext_lazy("Bought"),
    ("coins_refunded", True): gettext_lazy("Back from a refund that did not arrive"),
    ("bonus_issued", True): gettext_lazy("Bonus coins"),
    ("coins_spent", False): gettext_lazy("Sent as gifts"),
    ("coins_spent", True): gettext_lazy("Gifts undone"),
    ("coins_refunded", False): gettext_lazy("Given back for a refund"),
    ("coins_clawed_back", False): gettext_lazy("Taken back after a dispute"),
    ("coins_clawed_back", True): gettext_lazy("Back after a dispute"),
    ("bonus_expired", False): gettext_lazy("Bonus coins that ended"),
    ("bonus_voided", False): gettext_lazy("Bonus coins of returned orders"),
    ("bonus_voided", True): gettext_lazy("Bonus coins of orders that came back"),
}


def pdf_of(month: Month) -> bytes:
    """Return a month's file, in the site's figures."""
    with read_by(""):
        return drawn(content_of(month, day_in_words))


def name_of(month: Month) -> str:
    """Return a month as people call it: November 2026."""
    return date_format(month.first, "F Y")


def file_name(month: Month) -> str:
    """Return the name of its file."""
    return f"{'SANDBOX-' if settings.SANDBOX else ''}statement-{month.first:%Y-%m}.pdf"


def content_of(month: Month, say: Say, name: Callable[[Document], str] = str) -> Content:
    """Return what a month's statement says; `say` writes its days, `name` its documents."""
    facts = [(_("For"), month.user.name), (_("Account"), f"@{month.user.handle}")]
    if not month.is_over:
        facts.append((_("So far"), _("This month is not over yet.")))
    notes = [
        _("A month begins and ends at midnight UTC. Coins on hold count as yours."),
        _("Your wallet's history lists every gift, your orders every document."),
    ]
    if month.bonus:
        notes.insert(0, _bonus(month))
    if settings.SANDBOX:
        notes.append(_("SANDBOX: no money moved."))
    return Content(
        title=_("Statement"),
        number=name_of(month),
        at=end_of(month.first),
        sender=_sender(month),
        facts=facts,
        sections=[_coins(month), *_payments(month, say, name)],
        notes=notes,
        sandbox=settings.SANDBOX,
    )


def _bonus(month: Month) -> str:
    """Say which of the coins at the end are bonus coins; of the present month until when too."""
    said = _("Of the coins at the end %(coins)s are bonus coins, which can't be refunded") % {
        "coins": figure(month.bonus)
    }
    if month.is_over:
        return f"{said}."
    parts = [
        _("%(coins)s until %(day)s")
        % {"coins": figure(lot.coins), "day": day_in_words(lot.expires_at)}
        for lot in lots.unspent(month.user.pk)
    ]
    return f"{said}: {', '.join(parts)}." if parts else f"{said}."


def _sender(month: Month) -> list[str]:
    """The seller as the month's last document has it: a past month keeps the seller of its time."""
    if not month.documents:
        lines = [line for line in settings.SELLER_ADDRESS.split("|") if line]
        return sender(settings.SELLER_NAME, lines, settings.SELLER_TAX_ID)
    last = max(month.documents, key=lambda document: document.pk)
    return sender(last.seller_name, last.seller_address.split("\n"), last.seller_tax_id)


def _coins(month: Month) -> Section:
    rows: list[list[Cell]] = [[_("At the beginning"), figure(month.opening)]]
    rest = sum(moved.coins for moved in month.moved)
    for (kind, came), words in LINES.items():
        if coins := month.coins(kind, came=came):
            rows.append([str(words), _signed(coins if came else -coins)])
            rest -= coins if came else -coins
    if rest:
        rows.append([_("Other"), _signed(rest)])
    return Section(
        heading=_("Coins"),
        columns=[Column(_("What"), 5), Column(_("Coins"), 2, figures=True)],
        rows=rows,
        total=[_("At the end") if month.is_over else _("Now"), figure(month.closing)],
    )


def _payments(month: Month, say: Say, name: Callable[[Document], str]) -> Iterator[Section]:
    """Yield a table of documents for each currency in which money moved."""
    ordered = sorted(month.documents, key=lambda document: document.currency)
    for currency, group in groupby(ordered, key=lambda document: document.currency):
        documents = list(group)
        yield Section(
            heading=_("Payments and refunds in %(currency)s") % {"currency": currency},
            columns=[
                Column(_("When"), 4),
                Column(_("Document"), 5),
                Column(_("Without tax"), 3, figures=True),
                Column(_("Tax"), 2, figures=True),
                Column(_("Total"), 3, figures=True),
            ],
            rows=[[say(d.moved_at), name(d), *_sums([d])] for d in documents],
            total=[_("Paid"), "", *_sums(documents)],
        )


def _sums(documents: list[Document]) -> list[Cell]:
    """Return what documents come to, less what went back: without tax, tax, and all of it."""
    parts = [
        (sign * (d.net_minor + d.loss_minor), sign * d.tax_minor, sign * d.total_minor)
        for d in documents
        for sign in [Document.SIGN[d.kind]]
    ]
    return [money(sum(part), documents[0].currency) for part in zip(*parts, strict=True)]


def _signed(coins: int) -> str:
    return f"+{figure(coins)}" if coins > 0 else figure(coins)
