"""Where a creator's income comes from, as the rules against fraud count it.

A worker asks, never a send: each question is one read of the index of a creator's gifts in time.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q, Sum
from django.utils import timezone

from accounts.models import Trace, User
from gifts.models import SentGift
from wallet.models import VelocityRule
from wallet.velocity.counting import NAMED, Tally, usd_of

Kind = VelocityRule.Kind
SAME_HAND = (Trace.Kind.DEVICE, Trace.Kind.CARD, Trace.Kind.BANK)
LATELY = timedelta(days=1)
Income = dict[int, int]  # coins by fan


def tally(rule: VelocityRule, creator: User, at: datetime) -> Tally:
    """Return what a rule finds about a creator: dollars of one fan, or percent of the income."""
    since = at - timedelta(hours=rule.window_hours)
    income = _income(creator, since, at)
    if rule.kind == Kind.FAN_TO_CREATOR:
        return _one_fan(income, creator, since, at)
    total = sum(income.values())
    if not total or usd_of(total) < rule.least_usd:
        return Tally()
    fans = PART_OF[Kind(rule.kind)](rule, creator, income, since)
    part = sum(income[fan] for fan in fans)
    # Rounded up: whoever is a coin above the share is above it.
    return Tally(-(-part * 100 // total), _involved(creator, fans, income, (since, at)))


def with_income(days: int | None = None) -> list[User]:
    """Return the creators to ask about: those with diamonds on hold, or with gifts lately.

    With `days` all who had a gift in so many days.
    """
    lately = timezone.now() - (LATELY if days is None else timedelta(days=days))
    gifts = SentGift.objects.counted()
    asked = set(gifts.filter(created_at__gte=lately).values_list("creator", flat=True).distinct())
    if days is None:
        waiting = gifts.filter(released_at__isnull=True)
        asked |= set(waiting.values_list("creator", flat=True).distinct())
    found = User.objects.filter(pk__in=asked, creator__isnull=False).select_related("country")
    return list(found.order_by("pk"))


def _income(creator: User, since: datetime, at: datetime) -> Income:
    gifts = SentGift.objects.counted().filter(creator=creator, created_at__range=(since, at))
    rows = gifts.order_by().values_list("fan").annotate(coins=Sum("coins"))
    return {fan: int(coins) for fan, coins in rows}


def _one_fan(income: Income, creator: User, since: datetime, at: datetime) -> Tally:
    if not income:
        return Tally()
    fan = max(income, key=lambda pk: (income[pk], -pk))
    return Tally(usd_of(income[fan]), _involved(creator, {fan}, income, (since, at)))


def _involved(
    creator: User, fans: Iterable[int], income: Income, span: tuple[datetime, datetime]
) -> dict[str, list[int]]:
    named = sorted(fans, key=lambda fan: (-income[fan], fan))[:NAMED]
    gifts = SentGift.objects.counted().filter(
        creator=creator, fan__in=named, created_at__range=span
    )
    newest = gifts.order_by("-created_at", "-id").values_list("pk", flat=True)[:NAMED]
    return {"accounts": named, "gifts": list(newest)}


def _young(rule: VelocityRule, creator: User, income: Income, since: datetime) -> set[int]:
    """Return the fans whose account was new when the window ended."""
    new = timezone.now() - timedelta(days=rule.account_days or 0)
    found = User.objects.filter(pk__in=list(income), date_joined__gt=new)
    return set(found.values_list("pk", flat=True))


def _shared(rule: VelocityRule, creator: User, income: Income, since: datetime) -> set[int]:
    """Return the fans who were seen with the creator's own browser, card or bank account."""
    own = Q()
    for kind, value in creator.traces.filter(kind__in=SAME_HAND).values_list("kind", "value"):
        own |= Q(kind=kind, value=value)
    if not own:
        return set()
    found = Trace.objects.filter(own, user__in=list(income))
    return set(found.values_list("user_id", flat=True))


def _linked(rule: VelocityRule, creator: User, income: Income, since: datetime) -> set[int]:
    """Return the fans who share a browser, a card or a bank account with another of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(array_agg(user_id)) FROM accounts_trace"
            " WHERE user_id = ANY(%s) AND kind = ANY(%s) AND last_at >= %s"
            " GROUP BY kind, value HAVING count(*) > 1",
            [list(income), [str(kind) for kind in SAME_HAND], since],
        )
        return {fan for (fan,) in cursor.fetchall()}


PART_OF: dict[Kind, Callable[[VelocityRule, User, Income, datetime], set[int]]] = {
    Kind.SHARED_WITH_FANS: _shared,
    Kind.LINKED_FANS: _linked,
    Kind.YOUNG_FANS: _young,
}
