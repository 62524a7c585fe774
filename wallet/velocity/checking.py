"""Where the rules about orders are asked: before one is placed, and before one is credited."""

import hashlib

from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from accounts.traces import Origin
from wallet.models import HoldEmail, Purchase, VelocityHit, VelocityRule
from wallet.velocity.counting import Subject, Tally, count, subject_of
from wallet.velocity.hits import cleared, record
from wallet.velocity.refusals import OrderRefused
from wallet.velocity.rules import in_force

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
    found = [(rule, tally) for rule in rules if (tally := _above(rule, subject))]
    if refusing := [each for each in found if not cleared(each[0], user)]:
        raise OrderRefused(refusing)


def record_refusal(user: User, refusal: OrderRefused) -> None:
    """Write down why an order was refused, once nothing else of it is left."""
    for rule, tally in refusal.found:
        record(rule, tally, user=user)


def held(purchase: Purchase) -> bool:
    """Ask the rules about an order whose money has arrived; return whether its coins must wait.

    Runs in the transaction and under the lock that would credit it, after what paid it was kept.
    An order is asked about once: what was decided stays decided.
    """
    known = VelocityHit.objects.filter(purchase=purchase)
    if known.exists():
        return known.holding().exists()
    rules = in_force(purchase.user, actions=[Action.FLAG, Action.HOLD])
    _one_at_a_time(purchase)
    subject = subject_of(purchase, at=timezone.now())
    found = [(rule, tally) for rule in rules if (tally := _above(rule, subject))]
    for rule, tally in found:
        record(rule, tally, user=purchase.user, purchase=purchase)
    if waits := bool(found) and known.holding().exists():
        HoldEmail.objects.plan(purchase, HoldEmail.About.HELD)
    return waits


def overtaken(purchase: Purchase) -> None:
    """Let go of an order whose payment the buyer's bank has taken back: the bank decides now."""
    VelocityHit.objects.open().filter(purchase=purchase).update(
        decision=VelocityHit.Decision.OVERTAKEN, decided_at=Now()
    )


def _above(rule: VelocityRule, subject: Subject) -> Tally | None:
    tally = count(rule, subject)
    return tally if tally.counted > rule.threshold else None


def _one_at_a_time(purchase: Purchase) -> None:
    """Let orders of one account or of one card be counted one after another.

    Two that settle at once would not see each other's cards, and both pass below a rule.
    """
    trace = getattr(purchase, "trace", None)
    names = {f"user:{purchase.user_id}"} | (
        {f"card:{trace.card}"} if trace and trace.card else set()
    )
    numbers = sorted(_number(name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) n", [numbers])


def _number(name: str) -> int:
    digest = hashlib.sha256(f"velocity {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
