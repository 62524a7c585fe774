"""What a paper says, in one form for its page and for its file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from foundation.figures import figure, read_by
from foundation.moments import STYLES
from foundation.money import Money
from foundation.pdf import Column, Paper
from wallet.documents.refund_rule import REFUND_RULES
from wallet.models import BonusLot, Document

SANDBOX = "SANDBOX"
Cell = str | Money
Say = Callable[[datetime | date], str]

METHODS: dict[str, StrOrPromise] = {
    "card": gettext_lazy("Card"),
    "bank": gettext_lazy("Bank account"),
    "prepaid": gettext_lazy("Prepaid card"),
}


@dataclass(frozen=True)
class Section:
    """A table with its heading; `total` is its last row."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Sequence[Cell]] = ()
    total: Sequence[Cell] = ()
    heading: str = ""


@dataclass(frozen=True)
class Content:
    """Everything on a paper, from top to bottom."""

    title: str
    number: str
    at: datetime
    sender: list[str]
    facts: list[tuple[str, str]]
    sections: list[Section]
    notes: list[str] = field(default_factory=list)
    sandbox: bool = False


def in_words(at: datetime | date) -> str:
    """Return a moment or a day as a file says it."""
    if isinstance(at, datetime):
        return date_format(localtime(at), STYLES["datetime"])
    return date_format(at, STYLES["day"])


def day_in_words(at: datetime | date) -> str:
    """Return the day of a moment as a file says it, in UTC."""
    return in_words(localtime(at).date() if isinstance(at, datetime) else at)


def sender(name: str, address: Sequence[str], tax_id: str) -> list[str]:
    """Return the lines that say who sends a paper."""
    number = [_("Tax number %(number)s") % {"number": tax_id}] if tax_id else []
    return [name, *address, *number]


def drawn(content: Content) -> bytes:
    """Return the PDF file of a paper."""
    paper = Paper(
        title=f"{content.title} {content.number}",
        author=content.sender[0],
        at=content.at,
        stamp=SANDBOX if content.sandbox else "",
    )
    paper.letterhead(title=content.title, number=content.number, sender=content.sender)
    paper.facts(content.facts)
    for section in content.sections:
        if section.heading:
            paper.heading(section.heading)
        paper.table(
            section.columns,
            [[str(cell) for cell in row] for row in section.rows],
            foot=[[str(cell) for cell in row] for row in section.foot],
            total=[str(cell) for cell in section.total],
        )
    for note in content.notes:
        paper.note(note)
    return paper.bytes()


def pdf_of(document: Document) -> bytes:
    """Return a document's file: the same bytes whenever it is asked for, in the site's figures."""
    with read_by(""):
        return drawn(content_of(document, in_words))


def content_of(document: Document, say: Say) -> Content:
    """Return what a document says; `say` writes its moments."""
    return Content(
        title=document.get_kind_display(),
        number=document.label,
        at=document.issued_at,
        sender=sender(
            document.seller_name, document.seller_address.split("\n"), document.seller_tax_id
        ),
        facts=list(_facts(document, say)),
        sections=[_bought(document)],
        notes=list(_notes(document)),
        sandbox=document.sandbox,
    )


def _facts(document: Document, say: Say) -> Sequence[tuple[str, str]]:
    paid = document.kind == Document.Kind.RECEIPT
    moved = {
        Document.Kind.RECEIPT: _("Paid on"),
        Document.Kind.CREDIT_NOTE: _("Refunded on"),
        Document.Kind.DEBIT_NOTE: _("Returned on"),
    }[Document.Kind(document.kind)]
    by = str(METHODS.get(document.method, document.method))
    if document.sandbox:
        by = _("%(method)s (sandbox, no real money)") % {"method": by}
    facts = [
        (_("For"), document.buyer_name),
        (_("Account"), f"@{document.buyer_handle}"),
        (_("Country"), document.country_name),
        (moved, say(document.moved_at)),
        (_("Issued on"), say(document.issued_at)),
        (_("Paid by") if paid else _("Refunded to"), by),
    ]
    if document.corrects:
        facts.append((_("Corrects"), str(document.corrects)))
    return [*facts, (_("Order"), str(document.purchase.public_id))]


def _bought(document: Document) -> Section:
    what = {
        Document.Kind.RECEIPT: _("Coins for gifts"),
        Document.Kind.CREDIT_NOTE: _("Coins given back"),
        Document.Kind.DEBIT_NOTE: _("Refund that your bank returned"),
    }[Document.Kind(document.kind)]
    tax = _("Tax")
    if document.tax_rate_bp:
        tax = f"{document.tax_name} {document.tax_percent}%"
    foot: list[list[Cell]] = [[tax, "", document.tax]]
    if document.loss_minor:
        foot.append([_("Goodwill, for coins that were used"), "", document.goodwill])
    return Section(
        columns=[
            Column(_("What"), 5),
            Column(_("Quantity"), 2, figures=True),
            Column(_("Without tax"), 2, figures=True),
        ],
        rows=[[what, figure(document.coins), document.net]],
        foot=foot,
        total=[_("Total"), "", document.total],
    )


def terms_address(document: Document) -> str:
    """Return where the terms can be read that the fan accepted with the order."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("terms_version", args=[document.terms_version])


def _bonus(lot: BonusLot) -> str:
    """Say which bonus coins came with an order, and that nothing was paid for them."""
    return _(
        "%(coins)s bonus coins came with this order, free of charge. They expire on %(day)s and "
        "can't be refunded."
    ) % {"coins": figure(lot.coins), "day": day_in_words(lot.expires_at)}


def _notes(document: Document) -> Sequence[str]:
    terms = _("Terms accepted: version %(version)s, %(address)s") % {
        "version": document.terms_version,
        "address": terms_address(document),
    }
    notes = [terms]
    if document.payment_reference:
        notes.append(_("Payment %(reference)s") % {"reference": document.payment_reference})
    if document.kind == Document.Kind.RECEIPT:
        notes.insert(0, str(REFUND_RULES[document.refund_rule]))
        if lot := BonusLot.objects.filter(purchase=document.purchase_id).first():
            notes.insert(0, _bonus(lot))
    if document.sandbox:
        notes.append(_("SANDBOX: no money moved, and this is not an invoice."))
    elif document.kind == Document.Kind.RECEIPT:
        notes.append(_("This receipt is also the invoice."))
    return notes
