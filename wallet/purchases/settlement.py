"""Settlement: ask the provider, compare, credit exactly once."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

import ledger
from foundation.errors import DomainError
from foundation.money import money
from ledger.chart import COIN
from wallet.models import Purchase, WebhookEvent
from wallet.providers import registry
from wallet.providers.base import ProviderPayment, Status
from wallet.purchases import buying

log = logging.getLogger(__name__)
State = Purchase.State
STATE = {
    Status.OPEN: State.STARTED,
    Status.AUTHENTICATING: State.AUTHENTICATING,
    Status.PENDING: State.PENDING,
    Status.PAID: State.PAID,
    Status.DECLINED: State.DECLINED,
    Status.EXPIRED: State.EXPIRED,
}
LEASE = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=10)
EXPIRES_AFTER = timedelta(hours=24)
PENDING_IS_LONG_AFTER = timedelta(days=7)
TROUBLE_AFTER = 6
BATCH = 50
INBOX_PATIENCE = timedelta(hours=1)


def inspect(purchase: Purchase) -> Purchase:
    """Ask the provider about one order and move it where the payment stands."""
    if purchase.state == State.CREATED:
        buying.start(purchase)
    payment = registry.named(purchase.provider).fetch(purchase.provider_reference)
    return settle(purchase, payment)


@transaction.atomic(durable=True)
def settle(purchase: Purchase, payment: ProviderPayment) -> Purchase:
    """Move an order to what the provider said; what does not match goes to review."""
    locked = Purchase.objects.select_for_update(no_key=True).get(pk=purchase.pk)
    to = STATE[payment.status]
    if wrong := mismatch(locked, payment):
        _review(locked, wrong)
    elif to == State.PAID and locked.state != State.PAID:
        capture(locked)
    elif to in locked.NEXT[State(locked.state)]:
        locked.move(to, due_at=_next_inspection(locked, to), attempts=0)
    elif locked.is_open:
        _wait(locked)
    else:
        Purchase.objects.filter(pk=locked.pk).update(due_at=None, attempts=0)
    locked.refresh_from_db()
    return locked


def mismatch(purchase: Purchase, payment: ProviderPayment) -> str:
    """Return in a sentence how a payment differs from the order, or nothing."""
    if payment.reference != purchase.provider_reference or payment.order != str(purchase.public_id):
        return _("The payment is for another order (%(order)s).") % {"order": payment.order}
    if (payment.amount_minor, payment.currency) != (purchase.total_minor, purchase.currency):
        return _("The provider reports %(theirs)s, but we requested %(ours)s.") % {
            "theirs": money(payment.amount_minor, payment.currency),
            "ours": purchase.total,
        }
    return ""


def capture(purchase: Purchase) -> None:
    """Credit a paid order: the move and the posting are one transaction."""
    purchase.move(
        State.PAID, captured_at=timezone.now(), due_at=None, attempts=0, needs_attention=""
    )
    ledger.post_one(key=posting_key(purchase), kind="purchase", legs=capture_legs(purchase))


def posting_key(purchase: Purchase) -> str:
    """Return the key under which an order is credited: one per order, the last guard."""
    return f"purchase:{purchase.public_id}"


def capture_legs(purchase: Purchase) -> list[ledger.Leg]:
    """Return what a captured order moves: coins to the fan, money to unearned and to tax."""
    clearing = ledger.account_id(f"clearing:{purchase.provider}", purchase.currency)
    unearned = ledger.account_id("unearned", purchase.currency)
    legs = [
        ledger.Leg(
            COIN,
            ledger.account_id("coins_issued", COIN),
            ledger.account_id("coins", COIN, purchase.user_id),
            purchase.coins,
        ),
        ledger.Leg(purchase.currency, clearing, unearned, purchase.net_minor),
    ]
    if purchase.tax_minor:
        tax = ledger.account_id(f"tax:{purchase.country_id}", purchase.currency)
        legs.append(ledger.Leg(purchase.currency, clearing, tax, purchase.tax_minor))
    return legs


def sweep() -> int:
    """Inspect the orders that are due, a few at a time, and return how many they were."""
    with transaction.atomic():
        due = Purchase.objects.select_for_update(skip_locked=True, no_key=True).filter(
            due_at__lte=Now()
        )
        claimed = list(due.order_by("due_at")[:BATCH])
        # The lease: a worker that dies leaves the order to the next sweep, half a minute later.
        Purchase.objects.filter(pk__in=[p.pk for p in claimed]).update(
            due_at=Now() + LEASE, attempts=F("attempts") + 1
        )
    for purchase in claimed:
        purchase.refresh_from_db()
        try:
            inspect(purchase)
        except Exception as trouble:
            _trouble(purchase, trouble)
    return len(claimed)


def read_inbox() -> int:
    """Make the orders due that providers told of. A notice is never believed."""
    with transaction.atomic():
        unread = WebhookEvent.objects.select_for_update(skip_locked=True).filter(processed_at=None)
        # What waits for its order stands behind what was not inspected yet.
        events = list(unread.order_by("attempts", "received_at")[:BATCH])
        # Two readers may hold notices of the same orders: they lock these in one order.
        named = Purchase.objects.filter(
            provider__in={event.provider for event in events},
            provider_reference__in={event.reference for event in events},
        )
        list(named.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        for event in events:
            known = Purchase.objects.filter(
                provider=event.provider, provider_reference=event.reference
            ).exclude(state=State.PAID)
            found = known.update(due_at=Now())
            _file(event, found=bool(found))
    return len(events)


def _file(event: WebhookEvent, *, found: bool) -> None:
    paid = Purchase.objects.filter(
        provider=event.provider, provider_reference=event.reference, state=State.PAID
    ).exists()
    event.attempts += 1
    # The provider may be faster than our own note of its reference: wait before calling it unknown.
    unknown = not found and not paid
    if unknown and event.received_at > timezone.now() - INBOX_PATIENCE:
        event.save(update_fields=["attempts"])
        return
    event.processed_at = timezone.now()
    event.outcome = "inspected" if found else "already paid" if paid else "no such order"
    event.save(update_fields=["attempts", "processed_at", "outcome"])


def poll(since: timedelta) -> int:
    """Ask each provider what changed lately and make orders due that differ."""
    due = 0
    for provider in registry.providers():
        for payment in provider.poll(timezone.now() - since):
            differs = Purchase.objects.filter(
                provider=provider.name, provider_reference=payment.reference
            ).exclude(state__in=[State.PAID, State.REVIEW, STATE[payment.status]])
            due += differs.filter(due_at=None).update(due_at=Now())
    return due


def _review(purchase: Purchase, why: str) -> None:
    """Put an order aside for staff. A paid order stays paid, and staff are told all the same."""
    if State.REVIEW in purchase.NEXT[State(purchase.state)]:
        purchase.move(State.REVIEW, due_at=None, needs_attention=why)
    else:
        Purchase.objects.filter(pk=purchase.pk).update(due_at=None, needs_attention=why)


def _wait(purchase: Purchase) -> None:
    """Keep an open order in view, or end it after a day without money."""
    age = timezone.now() - purchase.created_at
    if purchase.state != State.PENDING and age > EXPIRES_AFTER:
        purchase.move(State.EXPIRED, due_at=None, attempts=0)
        return
    late = purchase.state == State.PENDING and age > PENDING_IS_LONG_AFTER
    Purchase.objects.filter(pk=purchase.pk).update(
        due_at=_next_inspection(purchase, State(purchase.state)),
        attempts=0,
        needs_attention=_("The payment has been pending for a week.") if late else "",
    )


def _next_inspection(purchase: Purchase, state: State) -> object:
    """Return when to ask again: often at first, then every few minutes; never for what is over."""
    if state not in Purchase.OPEN:
        return None
    age = timezone.now() - purchase.created_at
    return Now() + min(max(age / 6, timedelta(seconds=3)), LONGEST_WAIT)


def _trouble(purchase: Purchase, trouble: Exception) -> None:
    """Note why an inspection failed, try again later, and tell staff when it goes on."""
    known = isinstance(trouble, DomainError)
    log.warning("Order %s: %s", purchase.public_id, trouble, exc_info=None if known else trouble)
    wait = min(timedelta(seconds=2 ** min(purchase.attempts, 12)), LONGEST_WAIT)
    note = (
        f"{type(trouble).__name__}: {trouble}"[:200] if purchase.attempts >= TROUBLE_AFTER else ""
    )
    Purchase.objects.filter(pk=purchase.pk, due_at__isnull=False).update(
        due_at=Now() + wait, needs_attention=note
    )
