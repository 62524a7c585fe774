"""The inbox of what providers tell: by webhook, or asked for where no webhook came."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from wallet.models import Purchase, SavedMethod, WebhookEvent
from wallet.providers import registry
from wallet.providers.base import Notice, TellsNews, Unreachable

log = logging.getLogger(__name__)
News = Iterable[tuple[Notice, bytes]]
BATCH = 500
PATIENCE = timedelta(hours=1)


def keep(provider: str, news: News) -> None:
    """Keep news as they came, each once however often it comes."""
    WebhookEvent.objects.bulk_create(
        [
            WebhookEvent(
                provider=provider,
                event_id=notice.event_id,
                reference=notice.reference,
                body=body,
            )
            for notice, body in news
        ],
        ignore_conflicts=True,
    )


def ask_for_missed(since: timedelta) -> None:
    """Ask providers for the news that their webhooks may not have brought."""
    for provider in registry.providers():
        if isinstance(provider, TellsNews):
            try:
                keep(provider.name, provider.news(timezone.now() - since))
            except Unreachable:
                log.info(
                    "The news of %s could not be read; they are asked for again.", provider.name
                )


@transaction.atomic
def read() -> int:
    """Make the orders due that providers told of, and return how many notices were read.

    A notice is never believed: that somebody tells of an order is a reason to ask.
    """
    unread = WebhookEvent.objects.select_for_update(skip_locked=True).filter(processed_at=None)
    # What waits for its order stands behind what was not inspected yet.
    events = list(unread.order_by("attempts", "received_at").defer("body")[:BATCH])
    known = _made_due(events)
    now = timezone.now()
    told = {each.pk for each in events if (each.provider, each.reference) in known}
    # The provider may be faster than our own note of its reference: wait before calling it unknown.
    unknown = [
        each.pk for each in events if each.pk not in told and each.received_at <= now - PATIENCE
    ]
    WebhookEvent.objects.filter(pk__in=[each.pk for each in events]).update(
        attempts=F("attempts") + 1
    )
    for pks, outcome in ((told, "inspected"), (unknown, "no such order")):
        WebhookEvent.objects.filter(pk__in=pks).update(processed_at=now, outcome=outcome)
    return len(events)


def _made_due(events: list[WebhookEvent]) -> set[tuple[str, str]]:
    """Make the orders due that notices tell of, by either name of their payment; return the names.

    Where the provider was asked after a notice came, the answer held what the notice tells.
    Two readers may hold notices of the same orders: they lock these in one order.
    """
    newest: dict[str, datetime] = {}
    for event in events:
        if event.reference:
            at = newest.get(event.reference, event.received_at)
            newest[event.reference] = max(at, event.received_at)
    orders = Purchase.objects.filter(
        Q(provider_reference__in=newest) | Q(payment_reference__in=newest),
        provider__in={event.provider for event in events},
    )
    locked = list(
        orders.select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", "asked_at", "provider", "provider_reference", "payment_reference")
    )
    told = [
        pk
        for pk, asked_at, _, *names in locked
        if asked_at is None or any(newest.get(name, asked_at) > asked_at for name in names)
    ]
    Purchase.objects.filter(pk__in=told).update(due_at=Now())
    named = {(provider, name) for _, _, provider, *names in locked for name in names if name}
    return named | _cards_made_due(events)


def _cards_made_due(events: list[WebhookEvent]) -> set[tuple[str, str]]:
    """Make the saved cards due of whose pages notices tell; return the names of the pages."""
    told = {event.reference for event in events} - {""}
    waiting = SavedMethod.objects.filter(setup_reference__in=told)
    waiting.filter(state=SavedMethod.State.WAITING).update(due_at=Now())
    return set(waiting.values_list("provider", "setup_reference"))
