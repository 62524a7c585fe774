"""Settlement: ask the provider, compare, credit exactly once."""

import logging
import re
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation import due_rows
from foundation.impatience import within
from foundation.money import money
from wallet.agreements import outcome
from wallet.disputes import reports as disputes
from wallet.models import Purchase
from wallet.promotions import promises
from wallet.providers import registry
from wallet.providers.base import Instructs, ProviderPayment, Status, Unreachable
from wallet.purchases import asking, capturing
from wallet.refunds import reports as refunds
from wallet.velocity import checking, tracing

log = logging.getLogger(__name__)
Told = tuple[Purchase, ProviderPayment]
State = Purchase.State
STATE = {
    Status.OPEN: State.STARTED,
    Status.AUTHENTICATING: State.AUTHENTICATING,
    Status.PENDING: State.PENDING,
    Status.PAID: State.PAID,
    Status.DECLINED: State.DECLINED,
    Status.EXPIRED: State.EXPIRED,
}
COUNTRY_CODE = re.compile(r"[A-Z]{2}")
LEASE = timedelta(seconds=30)
EXPIRES_AFTER = timedelta(hours=24)
PENDING_IS_LONG_AFTER = timedelta(days=7)
FEW = 10
BATCH = 100  # as many as a provider lists in one answer
PATIENCE_S = 2.0  # of a page whose reader wonders whether the bank said yes


def inspect(purchase: Purchase) -> Purchase:
    """Ask the provider about one order and move it where the payment stands."""
    purchase.refresh_from_db(fields=["due_at"])
    settle([(purchase, asking.ask(purchase))])
    purchase.refresh_from_db()
    return purchase


def known(purchase: Purchase) -> Purchase.State | None:
    """Return where the provider says that an order's payment stands; nothing when it says nothing.

    Nothing is booked by that: a worker asks again, compares, and credits.
    """
    if not purchase.provider_reference:
        return None
    fetch = partial(registry.named(purchase.provider).fetch, purchase.provider_reference)
    try:
        payment = within(PATIENCE_S, fetch) if registry.far_away(purchase.provider) else fetch()
    except (Unreachable, TimeoutError):
        return None
    return None if mismatch(purchase, payment) else STATE[payment.status]


@transaction.atomic(durable=True)
def settle(told: Sequence[Told]) -> None:
    """Move orders to what their provider said; what does not match goes to review.

    All of them or none: `sweep` settles each by itself when one goes wrong. An order that was made
    due since its provider was asked stays due: what was told then is not in this answer.
    """
    asked = {purchase.pk: purchase.due_at for purchase, _payment in told}
    said = {purchase.pk: payment for purchase, payment in told}
    orders = Purchase.objects.select_related("user__country").filter(pk__in=said).order_by("pk")
    locked = list(orders.select_for_update(no_key=True, of=("self",)))
    news = {purchase.pk for purchase in locked if purchase.due_at != asked[purchase.pk]}
    paid: list[Told] = []
    for purchase in locked:
        payment = said[purchase.pk]
        if wrong := mismatch(purchase, payment):
            _review(purchase, wrong)
        elif STATE[payment.status] == State.PAID:
            paid.append((purchase, payment))
        elif purchase.pk not in news:
            _unpaid(purchase, STATE[payment.status])
    _paid(paid)
    Purchase.objects.filter(pk__in=news).update(due_at=Now())
    for purchase in locked:
        outcome.note(purchase, asks_payer=said[purchase.pk].asks_payer)


def _unpaid(purchase: Purchase, to: Purchase.State) -> None:
    """Move an order on that is not paid, or keep it in view."""
    if to in purchase.NEXT[State(purchase.state)]:
        purchase.move(to, due_at=_next_inspection(purchase, to), attempts=0)
    elif purchase.is_open:
        _wait(purchase)
    else:
        Purchase.objects.filter(pk=purchase.pk).update(due_at=None, attempts=0)


def _paid(told: list[Told]) -> None:
    """Credit paid orders once, and book what became of their money since."""
    new = [(purchase, payment) for purchase, payment in told if purchase.state != State.PAID]
    for purchase, payment in told:
        reference = payment.payment_reference
        if purchase.state == State.PAID:
            Purchase.objects.filter(pk=purchase.pk).update(
                due_at=None, attempts=0, payment_reference=reference
            )
        else:
            purchase.paid_from = country_code(payment.country)
            purchase.payment_reference = reference or purchase.payment_reference
    waiting = _held(new)
    capturing.capture([purchase for purchase, _payment in new if purchase.pk not in waiting])
    for purchase, payment in told:
        if purchase.pk not in waiting:
            disputes.ended(purchase, payment.disputes)
            refunds.reported(purchase, payment.refunds)
            disputes.reported(purchase, payment.disputes)


def _held(new: list[Told]) -> set[int]:
    """Let those wait, uncredited, that a rule against fraud holds; return which.

    A person decides, unless the buyer's bank decides already.
    """
    if not new:
        return set()
    tracing.keep_payments(new)
    waiting = checking.held([purchase for purchase, _payment in new])
    for purchase, payment in new:
        if purchase.pk in waiting and payment.disputes:
            checking.overtaken(purchase)
            waiting.remove(purchase.pk)
        elif purchase.pk in waiting:
            _hold(purchase)
    return waiting


def _hold(purchase: Purchase) -> None:
    """Let a paid order wait, uncredited, for the decision of a person."""
    changes: dict[str, Any] = {
        "due_at": None,
        "attempts": 0,
        "paid_from": purchase.paid_from,
        "payment_reference": purchase.payment_reference,
    }
    if purchase.state == State.REVIEW:
        Purchase.objects.filter(pk=purchase.pk).update(**changes)
    else:
        purchase.move(State.REVIEW, **changes)


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


def country_code(said: str) -> str:
    """Return a provider's country if it has the form of one (two capital letters), or nothing."""
    return said if COUNTRY_CODE.fullmatch(said) else ""


def sweep() -> int:
    """Inspect the orders that are due, some at a time, and return how many they were."""
    claimed = due_rows.claim(Purchase.objects.all(), lease=LEASE, most=BATCH, asked_at=Now())
    told: list[Told] = []
    for purchase, answer in asking.answers(claimed):
        if told and answer.is_late(PATIENCE_S):
            _settle_all(told)
            told.clear()
        try:
            told.append((purchase, answer.payment()))
        except Exception as trouble:
            _put_off(purchase, trouble)
    _settle_all(told)
    return len(claimed)


def _settle_all(told: list[Told]) -> None:
    for together in _groups(told):
        _settle_or_put_off(together)


def _groups(told: list[Told]) -> list[list[Told]]:
    """Return what is settled in one transaction: all that is plain, and each of the rest.

    No two of one fan or one card: the rules against fraud count them one after another. What takes
    more locks than a credit (money that went back, an agreement) stands alone. Orders with a bonus
    go few at a time, because their promotion is locked until the end.
    """
    promised = promises.promised_with(purchase for purchase, _payment in told)
    plain: list[Told] = []
    with_bonus: list[Told] = []
    alone: list[list[Told]] = []
    seen: set[tuple[str, object]] = set()
    for purchase, payment in told:
        names = {("fan", purchase.user_id), ("card", payment.card or purchase.pk)}
        if payment.refunds or payment.disputes or purchase.top_up_id or names & seen:
            alone.append([(purchase, payment)])
        elif purchase.pk in promised:
            with_bonus.append((purchase, payment))
        else:
            plain.append((purchase, payment))
        seen |= names
    few = [with_bonus[at : at + FEW] for at in range(0, len(with_bonus), FEW)]
    return [*([plain] if plain else []), *few, *alone]


def _settle_or_put_off(told: list[Told]) -> None:
    """Settle orders together, or each by itself: one that goes wrong keeps up no other."""
    try:
        settle(told)
    except Exception as trouble:
        if len(told) == 1:
            _put_off(told[0][0], trouble)
            return
        log.warning("%s orders are settled one by one: %s", len(told), trouble)
        for each in told:
            _settle_or_put_off([each])


def _put_off(purchase: Purchase, trouble: Exception) -> None:
    due_rows.put_off(purchase, f"Order {purchase.public_id}", trouble)


def poll(since: timedelta) -> int:
    """Ask each provider what changed lately and make orders due that differ."""
    due = 0
    for provider in registry.providers():
        payments = {each.reference: each for each in provider.poll(timezone.now() - since)}
        known = Purchase.objects.filter(
            provider=provider.name, provider_reference__in=payments, due_at=None
        ).exclude(state=State.REVIEW)
        differing = [each.pk for each in known if _differs(each, payments[each.provider_reference])]
        due += _make_due(differing)
    return due


@transaction.atomic
def _make_due(pks: list[int]) -> int:
    """Make orders due, locked in the order in which the inbox locks them."""
    orders = Purchase.objects.filter(pk__in=pks, due_at=None).order_by("pk")
    locked = list(orders.select_for_update(no_key=True).values_list("pk", flat=True))
    return Purchase.objects.filter(pk__in=locked).update(due_at=Now())


def _differs(purchase: Purchase, payment: ProviderPayment) -> bool:
    if purchase.state == State.PAID:
        return refunds.differs(purchase, payment.refunds) or disputes.differs(
            purchase, payment.disputes
        )
    return purchase.state != STATE[payment.status]


def _review(purchase: Purchase, why: str) -> None:
    """Put an order aside for staff. A paid order stays paid, and staff are told all the same."""
    if State.REVIEW in purchase.NEXT[State(purchase.state)]:
        purchase.move(State.REVIEW, due_at=None, needs_attention=why)
    else:
        Purchase.objects.filter(pk=purchase.pk).update(due_at=None, needs_attention=why)


def _wait(purchase: Purchase) -> None:
    """Keep an open order in view, or end it after a day without money."""
    age = timezone.now() - purchase.created_at
    if purchase.state != State.PENDING and age > _patience(purchase):
        purchase.move(State.EXPIRED, due_at=None, attempts=0)
        return
    late = purchase.state == State.PENDING and age > PENDING_IS_LONG_AFTER
    Purchase.objects.filter(pk=purchase.pk).update(
        due_at=_next_inspection(purchase, State(purchase.state)),
        attempts=0,
        needs_attention=_("The payment has been pending for a week.") if late else "",
    )


def _patience(purchase: Purchase) -> timedelta:
    """Return how long an order stays open without money."""
    provider = registry.named(purchase.provider)
    return provider.waits if isinstance(provider, Instructs) else EXPIRES_AFTER


def _next_inspection(purchase: Purchase, state: State) -> object:
    """Return when to ask again: often at first, then every few minutes; never for what is over."""
    if state not in Purchase.OPEN:
        return None
    age = timezone.now() - purchase.created_at
    return Now() + min(max(age / 6, timedelta(seconds=3)), due_rows.LONGEST_WAIT)
