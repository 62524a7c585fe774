"""Where the rules about orders are asked: before one is placed, and before one is credited."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from accounts.traces import Origin
from wallet.models import HoldEmail, Purchase, VelocityHit, VelocityRule
from wallet.velocity.counting import Subject, Tally, count, subject_of
from wallet.velocity.hits import cleared, record
from wallet.velocity.refusals import OrderRefused
from wallet.velocity.rules import in_force, of_region

Action = VelocityRule.Action


def refuse_by_rule(user: User, *, coins: int, country: str, origin: Origin) -> None:
    """Return if no rule refuses this order. Raises `OrderRefused`, with what was found.

    Called under the fan's lock: of two orders at once the second one counts the first.
    """
    rules = in_force(user, actions=[Action.BLOCK])
    if not rules:
        return
    subject = Subject(
        user=user,
        at=timezone.now(),
        device=origin.device,
        network=origin.network,
        country=country,
        coins=coins,
    )
    found = [(rule, tally) for rule in rules for _subject, tally in _above(rule, [subject])]
    if refusing := [each for each in found if not cleared(each[0], user)]:
        raise OrderRefused(refusing)


def record_refusal(user: User, refusal: OrderRefused) -> None:
    """Write down why an order was refused, once nothing else of it is left."""
    for rule, tally in refusal.found:
        record(rule, tally, user=user)


def held(purchases: Sequence[Purchase]) -> set[int]:
    """Ask the rules about orders whose money has arrived; return those whose coins must wait.

    Runs in the transaction and under the locks that would credit them, after what paid them was
    kept. No two of them share their account or their card: each is counted after the other. An
    order is asked about once: what was decided stays decided.
    """
    hits = VelocityHit.objects.filter(purchase__in=purchases)
    known = set(hits.values_list("purchase_id", flat=True))
    asked = [purchase for purchase in purchases if purchase.pk not in known]
    _one_at_a_time(asked)
    found = set().union(*(_found(region, of) for region, of in _by_region(asked).items()))
    if not known | found:
        return set()
    waiting = set(hits.holding().values_list("purchase_id", flat=True))
    for purchase in asked:
        if purchase.pk in waiting:
            HoldEmail.objects.plan(purchase, HoldEmail.About.HELD)
    return waiting


def _by_region(purchases: Sequence[Purchase]) -> dict[str | None, list[Purchase]]:
    of: dict[str | None, list[Purchase]] = defaultdict(list)
    for purchase in purchases:
        country = purchase.user.country
        of[country.region_id if country else None].append(purchase)
    return of


def _found(region: str | None, purchases: list[Purchase]) -> set[int]:
    """Write down what the rules of a region find about orders; return which they found."""
    now = timezone.now()
    subjects = [subject_of(purchase, at=now) for purchase in purchases]
    found = set()
    for rule in of_region(region, actions=[Action.FLAG, Action.HOLD]):
        for place, tally in _above(rule, subjects):
            record(rule, tally, user=purchases[place].user, purchase=purchases[place])
            found.add(purchases[place].pk)
    return found


def overtaken(purchase: Purchase) -> None:
    """Let go of an order whose payment the buyer's bank has taken back: the bank decides now."""
    VelocityHit.objects.open().filter(purchase=purchase).update(
        decision=VelocityHit.Decision.OVERTAKEN, decided_at=Now()
    )


def _above(rule: VelocityRule, subjects: Sequence[Subject]) -> list[tuple[int, Tally]]:
    """Return the places of what a rule finds among subjects, and how much it found."""
    tallies = enumerate(count(rule, subjects))
    return [(place, tally) for place, tally in tallies if tally.counted > rule.threshold]


def _one_at_a_time(purchases: Sequence[Purchase]) -> None:
    """Let orders of one account or of one card be counted one after another.

    Two that settle at once would not see each other's cards, and both pass below a rule.
    """
    names = set()
    for purchase in purchases:
        trace = getattr(purchase, "trace", None)
        names.add(f"user:{purchase.user_id}")
        if trace and trace.card:
            names.add(f"card:{trace.card}")
    numbers = sorted(map(_number, names))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) n", [numbers])


def _number(name: str) -> int:
    digest = hashlib.sha256(f"velocity {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
