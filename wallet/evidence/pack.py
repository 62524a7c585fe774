"""The pack of evidence: one PDF, and the facts that providers take by name."""

from datetime import UTC

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.figures import figure
from foundation.pdf import Column, Paper
from foundation.texts import clean
from wallet.evidence.payment import receipt_number
from wallet.evidence.sections import Section, sections_of
from wallet.models import Dispute, OrderTrace, Purchase
from wallet.providers.base import Evidence

MOST_SIGNS = 20_000  # that providers take of one text


def compose(dispute: Dispute, note: str = "") -> Evidence:
    """Return the evidence as our rows have it now, with our own words in front."""
    parts = sections_of(dispute)
    return Evidence(_pdf(dispute, parts, note), _facts(dispute, parts, note))


def _pdf(dispute: Dispute, parts: list[Section], note: str) -> bytes:
    purchase, now = dispute.purchase, timezone.now()
    title = _("Evidence for a disputed payment")
    stamp = "SANDBOX" if settings.SANDBOX else ""
    paper = Paper(title=title, author=settings.SELLER_NAME, at=now, stamp=stamp)
    lines = filter(None, [settings.SELLER_NAME, *settings.SELLER_ADDRESS.split("|")])
    paper.letterhead(title=title, number=dispute.provider_reference, sender=list(lines))
    paper.facts(
        [
            (_("Disputed"), f"{dispute.amount} ({dispute.reason or '–'})"),
            (_("Payment"), purchase.provider_reference),
            (_("Written"), f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"),
        ]
    )
    if note:
        paper.heading(_("In our words"))
        for paragraph in filter(None, note.splitlines()):
            paper.note(paragraph)
    for part in parts:
        paper.heading(part.title)
        if part.facts:
            paper.facts(part.facts)
        if part.rows:
            paper.table([Column(head, 1) for head in part.heads], part.rows)
        if part.note:
            paper.note(part.note)
    return paper.bytes()


def _facts(dispute: Dispute, parts: list[Section], note: str) -> dict[str, str]:
    purchase = dispute.purchase
    captured = purchase.captured_at
    coins = {"coins": figure(purchase.coins), "receipt": receipt_number(purchase)}
    found = {
        "customer_name": purchase.user.name,
        "customer_email_address": purchase.user.email,
        "customer_purchase_ip": _address(purchase),
        "access_activity_log": "\n".join(_log(parts)),
        "product_description": _(
            "%(coins)s coins for gifts to live creators, added to the buyer's account at once. "
            "Receipt %(receipt)s."
        )
        % coins,
        "service_date": f"{captured.astimezone(UTC):%Y-%m-%d}" if captured else "",
        "refund_policy_disclosure": _(
            "Unused coins can be refunded on request. Coins that were sent as gifts were used at "
            "once, as the buyer confirmed."
        ),
        "uncategorized_text": note,
    }
    texts = {
        name: "\n".join(clean(line) for line in text.splitlines()) for name, text in found.items()
    }
    return {name: text[:MOST_SIGNS] for name, text in texts.items() if text}


def _address(purchase: Purchase) -> str:
    """Return the whole address that the order came from, as long as it is kept."""
    kept = OrderTrace.objects.filter(purchase=purchase, ip__isnull=False).first()
    return str(kept.ip) if kept else ""


def _log(parts: list[Section]) -> list[str]:
    logs = [part for part in parts if part.log and part.rows]
    return [
        line
        for part in logs
        for line in (f"{part.title}:", *(" | ".join(row) for row in part.rows))
    ]
