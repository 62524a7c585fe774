"""What the rules about orders count: bounded questions, each answered from an index."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, Sum

from accounts.models import Trace, User
from accounts.traces import Kind as Of
from wallet.models import OrderTrace, Purchase, PurchaseEvent, RateCard, VelocityRule

Kind = VelocityRule.Kind
MICRO = 1_000_000
MOST = 1_000  # rows that one count looks at: more than any sensible rule allows
NAMED = 20  # of what was counted, the newest few are named in a hit
COUNTED = {*Purchase.OPEN, Purchase.State.PAID, Purchase.State.REVIEW}


@dataclass(frozen=True)
class Subject:
    """An order as the rules see it, placed or about to be.

    `coins` are those of an order that has no row yet. Values that are not known are empty.
    """

    user: User
    at: datetime
    device: str = ""
    network: str = ""
    card: str = ""
    country: str = ""
    paid_from: str = ""
    coins: int = 0


@dataclass(frozen=True)
class Tally:
    """How much a rule found, and the accounts and orders that it counted."""

    counted: int = 0
    involved: Mapping[str, list[int]] = field(default_factory=dict)


Counter = Callable[[VelocityRule, Subject], Tally]


def count(rule: VelocityRule, subject: Subject) -> Tally:
    """Return what a rule finds about an order."""
    return COUNTERS[Kind(rule.kind)](rule, subject)


def subject_of(purchase: Purchase, *, at: datetime) -> Subject:
    """Return a placed order as the rules see it."""
    trace = getattr(purchase, "trace", None)
    return Subject(
        user=purchase.user,
        at=at,
        device=trace.device if trace else "",
        network=trace.network if trace else "",
        card=trace.card if trace else "",
        country=purchase.country_id,
        paid_from=purchase.paid_from,
    )


def _since(rule: VelocityRule, subject: Subject) -> datetime:
    return subject.at - timedelta(hours=rule.window_hours)


def _seen(rule: VelocityRule, subject: Subject) -> Q:
    """Return which traces were seen in the rule's window, as far as first and last sight tell."""
    return Q(last_at__gte=_since(rule, subject), first_at__lte=subject.at)


def _paid(rule: VelocityRule, subject: Subject) -> QuerySet[OrderTrace]:
    """Return the orders that a card paid in the rule's window."""
    span = (_since(rule, subject), subject.at)
    return OrderTrace.objects.filter(paid_at__range=span).exclude(card="")


def _cards(rule: VelocityRule, subject: Subject) -> Tally:
    paid = _paid(rule, subject).filter(purchase__user=subject.user).order_by("-paid_at")
    rows = list(paid.values_list("card", "purchase")[:MOST])
    newest = [order for _card, order in rows[:NAMED]]
    return Tally(len({card for card, _order in rows}), {"orders": newest})


def _accounts_per_card(rule: VelocityRule, subject: Subject) -> Tally:
    if not subject.card:
        return Tally()
    paid = _paid(rule, subject).filter(card=subject.card).order_by("-paid_at")
    rows = list(paid.values_list("purchase__user", "purchase")[:MOST])
    accounts = list(dict.fromkeys([subject.user.pk, *(user for user, _order in rows)]))
    newest = [order for _user, order in rows[:NAMED]]
    return Tally(len(accounts), {"accounts": accounts[:NAMED], "orders": newest})


def _newest(orders: QuerySet[Purchase]) -> list[int]:
    return list(orders.order_by("-id").values_list("pk", flat=True)[:NAMED])


def _accounts(of: Of, value: Callable[[Subject], str]) -> Counter:
    def counter(rule: VelocityRule, subject: Subject) -> Tally:
        if not (said := value(subject)):
            return Tally()
        known = Trace.objects.filter(_seen(rule, subject), kind=of, value=said)
        newest = known.order_by("-last_at").values_list("user_id", flat=True)
        others = [pk for pk in newest[:MOST] if pk != subject.user.pk]
        return Tally(len(others) + 1, {"accounts": [subject.user.pk, *others[: NAMED - 1]]})

    return counter


def _failed(rule: VelocityRule, subject: Subject) -> Tally:
    declined = PurchaseEvent.objects.filter(
        purchase__user=subject.user,
        state=Purchase.State.DECLINED,
        created_at__range=(_since(rule, subject), subject.at),
    )
    orders = list(declined.order_by("-id").values_list("purchase_id", flat=True)[:MOST])
    return Tally(len(orders), {"orders": list(dict.fromkeys(orders))[:NAMED]})


def _new_spending(rule: VelocityRule, subject: Subject) -> Tally:
    age = subject.at - subject.user.date_joined
    if age >= timedelta(days=rule.account_days or 0):
        return Tally()
    orders = subject.user.purchases.filter(
        created_at__range=(_since(rule, subject), subject.at), state__in=COUNTED
    )
    coins = (orders.aggregate(sum=Sum("coins"))["sum"] or 0) + subject.coins
    return Tally(usd_of(coins), {"orders": _newest(orders)})


def _countries(rule: VelocityRule, subject: Subject) -> Tally:
    orders = subject.user.purchases.filter(
        created_at__range=(_since(rule, subject), subject.at)
    ).order_by("-id")[:MOST]
    seen = {subject.country, subject.paid_from}
    rows = list(orders.values_list("pk", "country_id", "paid_from"))
    for _order, country, paid_from in rows:
        seen |= {country, paid_from}
    return Tally(len(seen - {""}), {"orders": [order for order, *_codes in rows[:NAMED]]})


def usd_of(coins: int) -> int:
    """Return what coins are worth in whole US dollars, rounded up: a cent above is above."""
    return -(-coins * RateCard.objects.current().coin_value_micro_usd // MICRO)


COUNTERS: dict[Kind, Counter] = {
    Kind.CARDS_PER_ACCOUNT: _cards,
    Kind.ACCOUNTS_PER_CARD: _accounts_per_card,
    Kind.ACCOUNTS_PER_DEVICE: _accounts(Of.DEVICE, lambda subject: subject.device),
    Kind.ACCOUNTS_PER_NETWORK: _accounts(Of.NETWORK, lambda subject: subject.network),
    Kind.FAILED_PAYMENTS: _failed,
    Kind.NEW_ACCOUNT_SPENDING: _new_spending,
    Kind.COUNTRIES: _countries,
}
