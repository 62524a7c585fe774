"""The wallet's jobs. They carry an id or nothing; the rows say whether there is work."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.cache import cache

from wallet.coins import recognition
from wallet.models import Purchase
from wallet.purchases import settlement

POLL_EVERY_SECONDS = 60
POLL_BACK = timedelta(hours=2)


@shared_task(name="wallet.tasks.sweep")
def sweep() -> None:
    """Work off everything that is due: webhooks, orders, and what no webhook told."""
    if settings.SANDBOX:
        from wallet.providers.sandbox import clockwork

        clockwork.run()
    settlement.read_inbox()
    settlement.sweep()
    if cache.add("wallet:polled", True, timeout=POLL_EVERY_SECONDS) and settlement.poll(POLL_BACK):
        settlement.sweep()


@shared_task(name="wallet.tasks.inspect")
def inspect(purchase_id: int) -> None:
    """Inspect one order now: its fan is waiting."""
    purchase = Purchase.objects.filter(pk=purchase_id).first()
    if purchase and purchase.is_open:
        settlement.inspect(purchase)


@shared_task(name="wallet.tasks.recognise")
def recognise() -> None:
    """Book the hour's spent coins as revenue."""
    recognition.recognise()
