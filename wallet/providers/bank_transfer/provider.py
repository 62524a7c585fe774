"""Bank transfer behind the same protocol as every provider: its book are the bank's statements."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from wallet.models import AwaitedTransfer, BankTransfer, GiveBack, Purchase, Refund
from wallet.providers.bank_transfer import giro_code
from wallet.providers.bank_transfer.reference import in_groups, reference_of
from wallet.providers.base import (
    BadSignature,
    Evidence,
    Instructions,
    Method,
    Notice,
    ProviderOff,
    ProviderPayment,
    ProviderRefund,
    RefundStatus,
    Started,
    Status,
    Unreachable,
)

METHOD = "transfer"
NAME = "bank_transfer"
# The bank books on its days, and somebody brings its statement: an order expires that much later.
GRACE = timedelta(days=3)
ATTEMPTS = 5
REFUND_STATUS = {
    GiveBack.State.WAITING: RefundStatus.PENDING,
    GiveBack.State.ORDERED: RefundStatus.PENDING,
    GiveBack.State.SENT: RefundStatus.DONE,
    GiveBack.State.COVERED: RefundStatus.DONE,
}


class BankTransferProvider:
    """Tells where to send the money, and what statements say of it."""

    name = NAME
    # An order waits for as long as its own days say: see `fetch`.
    waits = timedelta(days=400)

    def methods(self, *, country: Country, currency: str, amount_minor: int) -> list[Method]:
        """Return a transfer where the account's currency and countries fit."""
        offered = settings.TRANSFERS["countries"]
        if not settings.BANK_ACCOUNT["iban"] or currency != settings.TRANSFERS["currency"]:
            return []
        if offered and country.code not in offered:
            return []
        note = _("From your bank. Your coins come in 1 to 3 days.")
        return [Method(METHOD, _("Bank transfer"), note, "banknote")]

    def start(self, purchase: Purchase) -> Started:
        """Note which transfer an order waits for, or find what was noted before."""
        awaited = AwaitedTransfer.objects.filter(purchase=purchase).first() or _await(purchase)
        return Started(awaited.reference, reverse("wallet:order", args=[purchase.public_id]))

    def fetch(self, reference: str) -> ProviderPayment:
        """Return where an order's transfers stand: what statements said, and what staff decided."""
        found = AwaitedTransfer.objects.select_related("purchase")
        awaited = found.filter(reference=reference).first()
        if awaited is None:
            raise Unreachable
        return _payment(awaited)

    def verify(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Believe nobody: banks send no webhooks."""
        raise BadSignature("a bank sends no webhooks")

    @transaction.atomic
    def refund(self, refund: Refund) -> ProviderRefund:
        """Put money into the queue of what goes back, once per refund.

        What the bank has taken back by itself is back already: nothing is sent for it.
        """
        order = Purchase.objects.select_for_update(no_key=True).get(pk=refund.purchase_id)
        made = GiveBack.objects.filter(refund=refund).first()
        if made is None:
            newest = order.transfers.used().order_by("-used_at", "-pk").first()
            if newest is None:
                raise Unreachable
            covered = refund.total_minor <= _taken_back(order)
            made = GiveBack.objects.create(
                kind=GiveBack.Kind.REFUND,
                refund=refund,
                transfer=newest,
                amount_minor=refund.total_minor,
                currency=refund.currency,
                state=GiveBack.State.COVERED if covered else GiveBack.State.WAITING,
            )
        return _refund(made)

    def hand_in(self, reference: str, evidence: Evidence) -> None:
        """Refuse: a transfer cannot be disputed."""
        raise ProviderOff

    def poll(self, since: datetime) -> Iterable[ProviderPayment]:
        """Return the payments that transfers changed since."""
        changed = Q(used_at__gte=since) | Q(released_at__gte=since) | Q(reversed_at__gte=since)
        orders = BankTransfer.objects.filter(changed).values("purchase")
        found = AwaitedTransfer.objects.filter(purchase__in=orders).select_related("purchase")
        return [_payment(awaited) for awaited in found]

    def instructions(self, purchase: Purchase) -> Instructions | None:
        """Return what a fan needs to make the transfer; nothing before there is a reference."""
        awaited = AwaitedTransfer.objects.filter(purchase=purchase).first()
        if awaited is None:
            return None
        ours, came = settings.BANK_ACCOUNT, received(purchase)
        left = max(0, purchase.total_minor - came)
        code = SafeString()
        if purchase.currency == giro_code.CURRENCY and 0 < left <= giro_code.MOST_MINOR:
            code = giro_code.svg(
                name=ours["name"],
                iban=ours["iban"],
                bic=ours["bic"],
                amount_minor=left,
                reference=awaited.reference,
            )
        return Instructions(
            beneficiary=ours["name"],
            iban=in_groups(ours["iban"].replace(" ", "")),
            bic=ours["bic"],
            reference=in_groups(awaited.reference),
            amount_minor=left,
            received_minor=came,
            currency=purchase.currency,
            until=awaited.awaited_until,
            honoured_until=awaited.honoured_until,
            code=code,
            checking=_undecided(purchase),
        )


def received(purchase: Purchase) -> int:
    """Return what of an order's price has come, in minor units."""
    return purchase.transfers.used().aggregate(sum=Sum("used_minor"))["sum"] or 0


def _await(purchase: Purchase) -> AwaitedTransfer:
    """Write what an order waits for. Two that ask at once agree on the first one's."""
    today = timezone.localdate()
    until = today + timedelta(days=settings.TRANSFERS["days"])
    for attempt in range(ATTEMPTS):
        reference = reference_of(purchase.public_id, attempt)
        try:
            return _written(purchase, reference, until)
        except IntegrityError:
            if found := AwaitedTransfer.objects.filter(purchase=purchase).first():
                return found
    raise Unreachable


@transaction.atomic
def _written(purchase: Purchase, reference: str, until: date) -> AwaitedTransfer:
    return AwaitedTransfer.objects.create(
        purchase=purchase,
        reference=reference,
        awaited_until=until,
        honoured_until=until + timedelta(days=settings.TRANSFERS["late_days"]),
    )


def _undecided(purchase: Purchase) -> bool:
    return purchase.transfers.filter(state__in=BankTransfer.UNDECIDED).exists()


def _status(awaited: AwaitedTransfer) -> Status:
    purchase, came = awaited.purchase, received(awaited.purchase)
    if came >= purchase.total_minor:
        return Status.PAID
    if came or _undecided(purchase):
        return Status.PENDING
    over = timezone.localdate() > awaited.awaited_until + GRACE
    return Status.EXPIRED if over else Status.OPEN


def _payment(awaited: AwaitedTransfer) -> ProviderPayment:
    purchase = awaited.purchase
    first = purchase.transfers.used().order_by("used_at", "pk").first()
    back = GiveBack.objects.filter(refund__purchase=purchase).select_related("refund")
    return ProviderPayment(
        reference=awaited.reference,
        order=str(purchase.public_id),
        status=_status(awaited),
        amount_minor=purchase.total_minor,
        currency=purchase.currency,
        country=first.payer_country if first else "",
        refunds=tuple(map(_refund, back.order_by("pk"))),
    )


def _refund(made: GiveBack) -> ProviderRefund:
    assert made.refund is not None  # noqa: S101  # tells mypy what a constraint holds
    return ProviderRefund(
        reference=str(made.public_id),
        refund=str(made.refund.public_id),
        status=REFUND_STATUS[GiveBack.State(made.state)],
        amount_minor=made.amount_minor,
        currency=made.currency,
    )


def _taken_back(order: Purchase) -> int:
    """Return what the bank took back of an order's money, less the refunds that stand for it."""
    taken = order.transfers.used().filter(state=BankTransfer.State.REVERSED)
    covered = GiveBack.objects.filter(refund__purchase=order, state=GiveBack.State.COVERED)
    gone: int = taken.aggregate(sum=Sum("used_minor"))["sum"] or 0
    return gone - (covered.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


provider = BankTransferProvider()
