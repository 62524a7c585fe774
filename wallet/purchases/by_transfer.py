"""An order paid by bank transfer, told to its fan: what came, what is missing, until when."""

import hashlib
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from foundation.moments import moment, with_moments
from foundation.money import money
from wallet.models import BankTransfer, GiveBack, Purchase
from wallet.providers import registry
from wallet.providers.bank_transfer.provider import NAME
from wallet.providers.base import Instructions, Instructs, ProviderOff

State = Purchase.State
Told = tuple[StrOrPromise, StrOrPromise]
Line = tuple[StrOrPromise, str, datetime | None]
LABELS = {
    State.STARTED: gettext_lazy("Waiting for your transfer"),
    State.PENDING: gettext_lazy("Your money came in"),
    State.EXPIRED: gettext_lazy("Expired without your transfer"),
}
SEND = gettext_lazy(
    "Send %(missing)s by %(until)s. Your coins are added once our bank reports the money, usually "
    "in 1 to 3 banking days."
)
# The bank may report some days later what was sent in time.
SENT = gettext_lazy(
    "The last day to send it was %(until)s. If you did, your coins are added once our bank reports "
    "the money. The full price still brings them until %(late)s."
)
BACK = {
    GiveBack.State.WAITING: ("now", gettext_lazy("%(money)s goes back to you")),
    GiveBack.State.ORDERED: ("now", gettext_lazy("%(money)s goes back to you")),
    GiveBack.State.SENT: ("done", gettext_lazy("%(money)s sent back to you")),
    GiveBack.State.COVERED: ("done", gettext_lazy("%(money)s is back with you")),
}


def instructions_of(purchase: Purchase) -> Instructions | None:
    """Return how an order is paid by transfer; nothing for one that is paid in another way."""
    try:
        provider = registry.named(purchase.provider)
    except ProviderOff:
        return None
    return provider.instructions(purchase) if isinstance(provider, Instructs) else None


def moved(purchase: Purchase) -> str:
    """Return where the money of an order stands, short: a page that shows it asks whether it is
    still so. Nothing for an order that is paid in another way.
    """
    if purchase.provider != NAME:
        return ""
    came = BankTransfer.objects.filter(purchase=purchase).exclude(received_at=None)
    back = GiveBack.objects.filter(transfer__purchase=purchase, refund=None)
    each = [*came.order_by("pk").values_list("pk", "state")]
    each += back.order_by("pk").values_list("pk", "state")
    return hashlib.sha256(repr(each).encode()).hexdigest()[:12] if each else ""


def words(purchase: Purchase, how: Instructions) -> Told | None:
    """Return title and sentence of an order that waits for money or ended without it."""
    until = {"until": moment(how.until, "day")}
    late = {"late": moment(how.honoured_until, "day")}
    missing = {"missing": str(money(how.amount_minor, how.currency))}
    if purchase.is_open and how.checking:
        return _("We're checking your transfer"), _(
            "Your money came in, and a person looks at it before your coins are added. You won't "
            "lose anything, and this page updates automatically."
        )
    if purchase.is_open and how.received_minor and how.amount_minor:
        came = {"came": str(money(how.received_minor, how.currency))}
        said = _("%(came)s came in. Send the missing %(missing)s with the same reference.")
        return _("Part of your money came in"), with_moments(said, **came, **missing)
    if purchase.is_open and how.amount_minor:
        in_time = timezone.localdate() <= how.until
        said = with_moments(str(SEND if in_time else SENT), **missing, **until, **late)
        return _("Waiting for your transfer"), said
    if purchase.state == State.EXPIRED:
        said = _(
            "No full payment came by %(until)s. If the full price comes by %(late)s, your coins "
            "are added after all. Any other money goes back to you."
        )
        return _("This order wasn't paid"), with_moments(said, **until, **late)
    if purchase.state == State.CANCELLED:
        said = _(
            "If you sent the money already: the full price brings your coins until %(late)s. Any "
            "other money goes back to you."
        )
        return _("Order cancelled"), with_moments(said, **late)
    return None


def steps(purchase: Purchase) -> list[Line]:
    """Return what came for an order and what of it goes back: name, how it stands, when."""
    told: list[Line] = []
    transfers = BankTransfer.objects.filter(purchase=purchase).exclude(received_at=None)
    for transfer in transfers.order_by("received_at", "pk"):
        came = _("%(money)s came in") % {"money": transfer.amount}
        told.append((came, "done", transfer.received_at))
        for back in transfer.given_back.filter(refund=None):
            how, said = BACK[GiveBack.State(back.state)]
            told.append((said % {"money": back.amount}, how, back.sent_at))
        if transfer.reversed_at:
            gone = _("Your bank took %(money)s back") % {"money": transfer.amount}
            told.append((gone, "done", transfer.reversed_at))
    return told
