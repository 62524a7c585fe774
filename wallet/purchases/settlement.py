"""Settlement: ask the provider, compare, credit exactly once."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

import ledger
from foundation import due_rows
from foundation.impatience import within
from foundation.money import money
from ledger.chart import COIN
from wallet.agreements import outcome
from wallet.coins.locks import lock_coins
from wallet.disputes import reports as disputes
from wallet.models import Purchase
from wallet.postings import facts
from wallet.promotions import promises
from wallet.providers import registry
from wallet.providers.base import Instructs, ProviderPayment, Status, Unreachable
from wallet.purchases import buying
from wallet.refunds import reports as refunds
from wallet.velocity import checking, tracing

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
BATCH = 50
PATIENCE_S = 2.0  # of a page whose reader wonders whether the bank said yes
AT_ONCE = 4  # of Stripe's test mode, which answers 25 questions a second


def inspect(purchase: Purchase) -> Purchase:
    """Ask the provider about one order and move it where the payment stands."""
    settle(purchase, ask(purchase))
    purchase.refresh_from_db()
    return purchase


def ask(purchase: Purchase) -> ProviderPayment:
    """Return what the provider says of an order, whose payment is opened where it is not yet."""
    if purchase.state == State.CREATED:
        buying.start(purchase)
    return registry.named(purchase.provider).fetch(purchase.provider_reference)


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
def settle(purchase: Purchase, payment: ProviderPayment) -> None:
    """Move an order to what the provider said; what does not match goes to review."""
    orders = Purchase.objects.select_related("user__country")
    locked = orders.select_for_update(no_key=True, of=("self",)).get(pk=purchase.pk)
    to = STATE[payment.status]
    if wrong := mismatch(locked, payment):
        _review(locked, wrong)
    elif to == State.PAID:
        _paid(locked, payment)
    elif to in locked.NEXT[State(locked.state)]:
        locked.move(to, due_at=_next_inspection(locked, to), attempts=0)
    elif locked.is_open:
        _wait(locked)
    else:
        Purchase.objects.filter(pk=locked.pk).update(due_at=None, attempts=0)
    outcome.note(locked, asks_payer=payment.asks_payer)


def _paid(purchase: Purchase, payment: ProviderPayment) -> None:
    """Credit an order once, and book what became of its money since.

    What a rule against fraud holds waits for a person, unless the buyer's bank decides already.
    """
    if purchase.state != State.PAID:
        purchase.paid_from = country_code(payment.country)
        tracing.keep_payment(purchase, payment)
        if checking.held(purchase):
            if not payment.disputes:
                _hold(purchase, payment)
                return
            checking.overtaken(purchase)
        capture(
            purchase,
            paid_from=purchase.paid_from,
            payment_reference=payment.payment_reference,
        )
    else:
        Purchase.objects.filter(pk=purchase.pk).update(
            due_at=None, attempts=0, payment_reference=payment.payment_reference
        )
    disputes.ended(purchase, payment.disputes)
    refunds.reported(purchase, payment.refunds)
    disputes.reported(purchase, payment.disputes)


def _hold(purchase: Purchase, payment: ProviderPayment) -> None:
    """Let a paid order wait, uncredited, for the decision of a person."""
    known = {"paid_from": purchase.paid_from, "payment_reference": payment.payment_reference}
    if purchase.state == State.REVIEW:
        Purchase.objects.filter(pk=purchase.pk).update(due_at=None, attempts=0, **known)
    else:
        purchase.move(State.REVIEW, due_at=None, attempts=0, **known)


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


def capture(purchase: Purchase, *, paid_from: str = "", payment_reference: str = "") -> None:
    """Credit a paid order: move, posting and bonus are one transaction, the first two one moment.

    A card from another country than the fan's is no reason to keep the coins back, which are paid;
    staff are told when it is from a country that the fan moved away from.
    """
    lock_coins(purchase.user_id)  # its bonus moves another of the fan's accounts in a moment
    answer = ledger.post_one(
        key=posting_key(purchase),
        kind="purchase",
        legs=capture_legs(purchase),
        input=facts([purchase.pk])[purchase.pk],
    )
    purchase.move(
        State.PAID,
        captured_at=ledger.moment_of(answer),
        due_at=None,
        attempts=0,
        paid_from=paid_from,
        payment_reference=payment_reference or purchase.payment_reference,
        needs_attention=_moved_on_paper(purchase, paid_from),
    )
    promises.keep(purchase)


def _moved_on_paper(purchase: Purchase, paid_from: str) -> str:
    """Return in a sentence that the fan pays from a country they moved away from, or nothing."""
    if paid_from in {"", purchase.country_id}:
        return ""
    if not purchase.user.moves.filter(origin=paid_from).exists():
        return ""
    return _("Paid from %(old)s, the country this person moved away from. Tax is for %(new)s.") % {
        "old": paid_from,
        "new": purchase.country_id,
    }


def posting_key(purchase: Purchase) -> str:
    """Return the key under which an order is credited: one per order, the last guard."""
    return f"purchase:{purchase.public_id}"


def capture_legs(purchase: Purchase) -> list[ledger.Leg]:
    """Return what a captured order moves: coins to the fan, money to unearned and to tax."""
    currency = purchase.currency
    issued, coins, clearing, unearned, *tax = ledger.account_ids(
        [
            ("coins_issued", COIN, None),
            ("coins", COIN, purchase.user_id),
            (f"clearing:{purchase.provider}", currency, None),
            ("unearned", currency, None),
            *([(f"tax:{purchase.country_id}", currency, None)] if purchase.tax_minor else []),
        ]
    )
    return [
        ledger.Leg(COIN, issued, coins, purchase.coins),
        ledger.Leg(currency, clearing, unearned, purchase.net_minor),
        *(ledger.Leg(currency, clearing, each, purchase.tax_minor) for each in tax),
    ]


def sweep() -> int:
    """Inspect the orders that are due, a few at a time, and return how many they were."""
    claimed = due_rows.claim(Purchase.objects.all(), lease=LEASE, most=BATCH, asked_at=Now())
    for purchase, answer in answers(claimed):
        try:
            settle(purchase, answer())
        except Exception as trouble:
            due_rows.put_off(purchase, f"Order {purchase.public_id}", trouble)
    return len(claimed)


def answers(purchases: list[Purchase]) -> Iterator[tuple[Purchase, Callable[[], ProviderPayment]]]:
    """Yield orders with what returns, or raises, what their providers say of them.

    Providers far away are asked about a few orders at once: most of that time is waiting.
    """
    names = {purchase.provider for purchase in purchases}
    fetching = {name: far.together() for name in names if (far := registry.far_away(name))}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        asked: list[tuple[Purchase, Callable[[], ProviderPayment]]] = []
        for purchase in purchases:
            fetch = fetching.get(purchase.provider)
            if fetch and purchase.state != State.CREATED:
                asked.append((purchase, threads.submit(fetch, purchase.provider_reference).result))
            else:
                asked.append((purchase, partial(ask, purchase)))
        yield from asked


def poll(since: timedelta) -> int:
    """Ask each provider what changed lately and make orders due that differ."""
    due = 0
    for provider in registry.providers():
        for payment in provider.poll(timezone.now() - since):
            known = Purchase.objects.filter(
                provider=provider.name, provider_reference=payment.reference, due_at=None
            ).exclude(state=State.REVIEW)
            for purchase in known:
                if _differs(purchase, payment):
                    due += known.update(due_at=Now())
    return due


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
