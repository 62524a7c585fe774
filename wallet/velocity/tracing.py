"""What is kept of where an order came from, and for how long."""

from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from accounts.traces import Kind, Origin, hidden, note
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


def keep_payment(purchase: Purchase, payment: ProviderPayment) -> None:
    """Keep what paid an order, as the provider names it."""
    card = hidden(Kind.CARD, f"{purchase.provider}:{payment.card}" if payment.card else "")
    bank = payment.bank[:LONGEST_BANK]
    kept = OrderTrace.objects.filter(purchase=purchase).first()
    if kept is None:  # of before traces were kept, or forgotten meanwhile
        return
    kept.card, kept.bank, kept.paid_at = card, bank, kept.paid_at or timezone.now()
    kept.save(update_fields=["card", "bank", "paid_at"])
    purchase.trace = kept
    note(purchase.user, {Kind.CARD: card})


def prune(*, ip_days: int, days: int) -> tuple[int, int]:
    """Cut old addresses to their networks, and forget old traces; return how many of each."""
    old = OrderTrace.objects.filter(
        created_at__lt=Now() - timedelta(days=ip_days), ip__isnull=False
    )
    cut = old.update(ip=None)
    gone, _each = OrderTrace.objects.filter(created_at__lt=Now() - timedelta(days=days)).delete()
    return cut, gone
