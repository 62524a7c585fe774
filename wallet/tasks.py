"""The wallet's jobs: doorbells without a payload; the rows say whether there is work."""

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
    """Look at everything that is due: webhooks that came, orders, and what no webhook told."""
    if settings.SANDBOX:
        from wallet.providers.sandbox import clockwork

        clockwork.run()
    settlement.read_inbox()
    settlement.sweep()
    if cache.add("wallet:polled", True, timeout=POLL_EVERY_SECONDS) and settlement.poll(POLL_BACK):
        settlement.sweep()


@shared_task(name="wallet.tasks.look")
def look(purchase_id: int) -> None:
    """Look at one order now, because somebody waits for it."""
    purchase = Purchase.objects.filter(pk=purchase_id).first()
    if purchase and purchase.is_open:
        settlement.look(purchase)


@shared_task(name="wallet.tasks.recognise")
def recognise() -> None:
    """Book the hour's spent coins as revenue."""
    recognition.recognise()
