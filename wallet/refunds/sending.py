"""Refunds on their way through the provider: claim, call, settle. Run by the wallet's sweep."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from foundation import due_rows
from wallet.coins.locks import lock_coins
from wallet.models import Purchase, Refund
from wallet.providers import registry
from wallet.providers.base import ProviderOff, ProviderRefund
from wallet.refunds import reports

LEASE = timedelta(seconds=60)
BATCH = 50
OFF = _("Its payment service is switched off. Switch it on again, or give it back by hand.")


def send_due() -> int:
    """Ask providers for the refunds that are due, and return how many they were."""
    _follow()
    held = Refund.objects.filter(state=Refund.State.HELD, by_hand="").select_related("purchase")
    claimed = due_rows.claim(held, lease=LEASE, most=BATCH)
    for refund in claimed:
        try:
            send(refund)
        except ProviderOff as off:
            due_rows.put_off(refund, f"Refund {refund.public_id}", off)
            Refund.objects.filter(pk=refund.pk).update(needs_attention=OFF)
        except Exception as trouble:
            due_rows.put_off(refund, f"Refund {refund.public_id}", trouble)
    return len(claimed)


@transaction.atomic
def _follow() -> None:
    """Have the orders inspected whose refunds the provider has not finished yet."""
    sent = Refund.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(
        state=Refund.State.SENT, due_at__lte=Now()
    )
    claimed = list(sent.order_by("due_at")[:BATCH])
    Refund.objects.filter(pk__in=[each.pk for each in claimed]).update(
        due_at=Now() + reports.LOOK_AGAIN
    )
    orders = Purchase.objects.filter(refunds__in=claimed, due_at=None).order_by("pk")
    free = orders.select_for_update(skip_locked=True, no_key=True, of=("self",))
    Purchase.objects.filter(pk__in=[order.pk for order in free]).update(due_at=Now())


def send(refund: Refund) -> Refund:
    """Ask the provider for one refund. Asking twice gives the money once: its id is the key."""
    provider = registry.named(refund.purchase.provider)
    return _settle(refund, provider.refund(refund))


@transaction.atomic(durable=True)
def _settle(refund: Refund, theirs: ProviderRefund) -> Refund:
    purchase = Purchase.objects.select_for_update(no_key=True).get(pk=refund.purchase_id)
    lock_coins(purchase.user_id)
    locked = purchase.refunds.select_related("purchase").get(pk=refund.pk)
    reports.answered(locked, theirs)
    locked.refresh_from_db()
    return locked
