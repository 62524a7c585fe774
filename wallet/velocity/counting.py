"""What the rules about orders count: bounded questions, each answered from an index."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import User
from accounts.traces import Kind as Of
from wallet.models import Purchase, RateCard, VelocityRule

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


Row = tuple[Any, ...]


def _account(rule: VelocityRule, subject: Subject) -> str:
    return str(subject.user.pk)


@dataclass(frozen=True)
class Counter:
    """How one kind of rule counts.

    `rows` is SQL: what it looks at of one subject `s`; its last column is their order, the greatest
    first. `value` is what it compares; without one there is nothing to find.
    """

    rows: str
    tally: Callable[[Subject, list[Row]], Tally]
    value: Callable[[VelocityRule, Subject], str] = _account
    counts_coins: bool = False  # which rules name in US dollars


def count(rule: VelocityRule, subjects: Sequence[Subject]) -> list[Tally]:
    """Return what a rule finds about each of these orders, in one question."""
    counter = COUNTERS[Kind(rule.kind)]
    values = [counter.value(rule, subject) for subject in subjects]
    if not any(values):
        return [Tally() for _subject in subjects]
    rows: list[list[Row]] = [[] for _subject in subjects]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.place, r.* FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[],"  # noqa: S608  # our own words
            " %s::timestamptz[]) WITH ORDINALITY s(user_id, value, since, at, place)"
            f" CROSS JOIN LATERAL ({counter.rows}) r WHERE s.value <> ''"
            " ORDER BY s.place, r.newest DESC",
            [
                [subject.user.pk for subject in subjects],
                values,
                [subject.at - timedelta(hours=rule.window_hours) for subject in subjects],
                [subject.at for subject in subjects],
            ],
        )
        for place, *row, _newest in cursor.fetchall():
            rows[place - 1].append(tuple(row))
    tallies = [
        counter.tally(subject, mine) if value else Tally()
        for subject, value, mine in zip(subjects, values, rows, strict=True)
    ]
    if counter.counts_coins:
        card = RateCard.objects.current()
        return [replace(each, counted=usd_of(each.counted, card)) for each in tallies]
    return tallies


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


def _young(rule: VelocityRule, subject: Subject) -> str:
    age = subject.at - subject.user.date_joined
    return _account(rule, subject) if age < timedelta(days=rule.account_days or 0) else ""


def _cards(subject: Subject, rows: list[Row]) -> Tally:
    newest = [order for _card, order in rows[:NAMED]]
    return Tally(len({card for card, _order in rows}), {"orders": newest})


def _accounts_per_card(subject: Subject, rows: list[Row]) -> Tally:
    accounts = list(dict.fromkeys([subject.user.pk, *(user for user, _order in rows)]))
    newest = [order for _user, order in rows[:NAMED]]
    return Tally(len(accounts), {"accounts": accounts[:NAMED], "orders": newest})


def _accounts(subject: Subject, rows: list[Row]) -> Tally:
    others = [pk for (pk,) in rows if pk != subject.user.pk]
    return Tally(len(others) + 1, {"accounts": [subject.user.pk, *others[: NAMED - 1]]})


def _failed(subject: Subject, rows: list[Row]) -> Tally:
    orders = [order for (order,) in rows]
    return Tally(len(orders), {"orders": list(dict.fromkeys(orders))[:NAMED]})


def _new_spending(subject: Subject, rows: list[Row]) -> Tally:
    coins = sum(coins for _order, coins in rows) + subject.coins
    return Tally(coins, {"orders": [order for order, _coins in rows[:NAMED]]})


def _countries(subject: Subject, rows: list[Row]) -> Tally:
    seen = {subject.country, subject.paid_from}
    for _order, country, paid_from in rows:
        seen |= {country, paid_from}
    return Tally(len(seen - {""}), {"orders": [order for order, *_codes in rows[:NAMED]]})


def usd_of(coins: int, card: RateCard | None = None) -> int:
    """Return what coins are worth in whole US dollars, rounded up: a cent above is above."""
    card = card or RateCard.objects.current()
    return -(-coins * card.coin_value_micro_usd // MICRO)


# Of a trace only its first and its last sight are known: it may have been seen in between.
_TRACES = (
    "SELECT t.user_id, t.last_at AS newest FROM accounts_trace t"  # noqa: S608  # our own words
    " WHERE t.kind = '{kind}' AND t.value = s.value AND t.last_at >= s.since"
    f" AND t.first_at <= s.at ORDER BY newest DESC LIMIT {MOST}"
)
_ORDERS = (
    "SELECT p.id, {what}, p.id AS newest FROM wallet_purchase p"
    " WHERE p.user_id = s.user_id AND p.created_at BETWEEN s.since AND s.at {more}"
    " ORDER BY newest DESC"
)
_COUNTED = ", ".join(f"'{state}'" for state in sorted(COUNTED))
COUNTERS: dict[Kind, Counter] = {
    # Order by order: however stale its statistics are, PostgreSQL looks at no other fan's traces.
    Kind.CARDS_PER_ACCOUNT: Counter(
        "SELECT t.card, p.id, t.paid_at AS newest FROM wallet_purchase p"  # noqa: S608  # our own words
        " CROSS JOIN LATERAL (SELECT card, paid_at FROM wallet_ordertrace"
        " WHERE purchase_id = p.id AND card <> '' AND paid_at BETWEEN s.since AND s.at OFFSET 0) t"
        f" WHERE p.user_id = s.user_id ORDER BY newest DESC LIMIT {MOST}",
        _cards,
    ),
    Kind.ACCOUNTS_PER_CARD: Counter(
        "SELECT p.user_id, p.id, t.paid_at AS newest FROM wallet_ordertrace t"  # noqa: S608  # our own words
        " JOIN wallet_purchase p ON p.id = t.purchase_id"
        " WHERE t.card = s.value AND t.card <> '' AND t.paid_at BETWEEN s.since AND s.at"
        f" ORDER BY newest DESC LIMIT {MOST}",
        _accounts_per_card,
        lambda _rule, subject: subject.card,
    ),
    Kind.ACCOUNTS_PER_DEVICE: Counter(
        _TRACES.format(kind=Of.DEVICE), _accounts, lambda _rule, subject: subject.device
    ),
    Kind.ACCOUNTS_PER_NETWORK: Counter(
        _TRACES.format(kind=Of.NETWORK), _accounts, lambda _rule, subject: subject.network
    ),
    Kind.FAILED_PAYMENTS: Counter(
        "SELECT e.purchase_id, e.id AS newest FROM wallet_purchaseevent e"  # noqa: S608  # our own words
        " JOIN wallet_purchase p ON p.id = e.purchase_id"
        " WHERE p.user_id = s.user_id AND e.state = 'declined'"
        f" AND e.created_at BETWEEN s.since AND s.at ORDER BY newest DESC LIMIT {MOST}",
        _failed,
    ),
    # All of them: of a sum no part may be left out.
    Kind.NEW_ACCOUNT_SPENDING: Counter(
        _ORDERS.format(what="p.coins", more=f"AND p.state IN ({_COUNTED})"),
        _new_spending,
        _young,
        counts_coins=True,
    ),
    Kind.COUNTRIES: Counter(
        _ORDERS.format(what="p.country_id, p.paid_from", more="") + f" LIMIT {MOST}", _countries
    ),
}
