"""What is kept of where an order came from, and for how long."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from accounts.traces import Kind, Origin, hidden, note, note_each
from wallet.models import OrderTrace, Purchase
from wallet.providers.base import ProviderPayment

LONGEST_BANK = 60


def keep(purchase: Purchase, origin: Origin) -> None:
    """Keep where an order came from, with the order, in its transaction."""
    user = purchase.user
    OrderTrace.objects.create(
        purchase=purchase,
        ip=origin.ip or None,
        network=origin.network,
        device=origin.device,
        account_days=max(0, (timezone.now() - user.date_joined).days),
    )
    note(user, origin.values)


def keep_payments(paid: Iterable[tuple[Purchase, ProviderPayment]]) -> None:
    """Keep what paid orders, as the provider names it.

    An order of before traces were kept, or whose trace is forgotten meanwhile, has none.
    """
    by_order = {purchase.pk: (purchase, payment) for purchase, payment in paid}
    cards = {
        pk: hidden(Kind.CARD, f"{purchase.provider}:{payment.card}" if payment.card else "")
        for pk, (purchase, payment) in by_order.items()
    }
    banks = [payment.bank[:LONGEST_BANK] for _purchase, payment in by_order.values()]
    kept = OrderTrace.objects.raw(
        "UPDATE wallet_ordertrace t SET card = paid.card, bank = paid.bank,"
        " paid_at = coalesce(t.paid_at, %s)"
        " FROM unnest(%s::bigint[], %s::text[], %s::text[]) paid(purchase_id, card, bank)"
        " WHERE t.purchase_id = paid.purchase_id RETURNING t.*",
        [timezone.now(), list(cards), list(cards.values()), banks],
    )
    uses = []
    for trace in kept:
        purchase, _payment = by_order[trace.pk]
        purchase.trace = trace
        uses.append((purchase.user_id, Kind.CARD, trace.card))
    note_each(uses)


def prune(*, ip_days: int, days: int) -> tuple[int, int]:
    """Cut old addresses to their networks, and forget old traces; return how many of each."""
    old = OrderTrace.objects.filter(
        created_at__lt=Now() - timedelta(days=ip_days), ip__isnull=False
    )
    cut = old.update(ip=None)
    gone, _each = OrderTrace.objects.filter(created_at__lt=Now() - timedelta(days=days)).delete()
    return cut, gone
