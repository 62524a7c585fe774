"""What of a fan's bonus coins belongs to which lot, and each step of a lot.

Gifts write no lot. Bonus coins are spent earliest end first, so what is left belongs to the lots
that end last.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

import ledger
from accounts.models import User
from ledger.chart import COIN
from wallet.coins.locks import lock_coins
from wallet.models import BonusLot, BonusStep, CodePolicy, Purchase, Redemption

Kind = BonusStep.Kind
DAY = timedelta(days=1)

UNSPENT = """
WITH lots AS (
    SELECT id, expires_at, coins - expired_coins - void_coins AS kept,
        coalesce(sum(coins - expired_coins - void_coins) OVER (
            ORDER BY expires_at DESC, id DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS later
    FROM wallet_bonuslot WHERE user_id = %(user)s
), balance AS (
    SELECT coalesce(max(balance), 0) AS coins FROM ledger_account
    WHERE owner_id = %(user)s AND kind = 'bonus_coins' AND unit = 'COIN'
)
SELECT l.id, l.expires_at, least(l.kept, b.coins - l.later)::bigint
FROM lots l CROSS JOIN balance b WHERE l.kept > 0 AND b.coins > l.later ORDER BY l.expires_at, l.id
"""


@dataclass(frozen=True)
class Unspent:
    """Bonus coins of one lot that nobody has spent."""

    lot: int
    expires_at: datetime
    coins: int


def unspent(user_id: int) -> list[Unspent]:
    """Return what is left of each of a fan's lots, earliest end first; empty lots are left out.

    It stays so for as long as the caller's transaction holds `lock_coins`.
    """
    with connection.cursor() as cursor:
        cursor.execute(UNSPENT, {"user": user_id})
        return [Unspent(pk, at, int(coins)) for pk, at, coins in cursor.fetchall()]


def unspent_of(lot: BonusLot) -> int:
    """Return the coins of one lot that nobody has spent."""
    return next((one.coins for one in unspent(lot.user_id) if one.lot == lot.pk), 0)


def ends_after(at: datetime, days: int) -> datetime:
    """Return when bonus coins end that are granted now for so many days: at midnight UTC."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + DAY * (days + 1)


def grant(
    *,
    user: User,
    coins: int,
    days: int,
    purchase: Purchase | None = None,
    redemption: Redemption | None = None,
) -> BonusLot:
    """Give a fan bonus coins for so many days, for one order or one redemption, once for each.

    Runs in the caller's transaction.
    """
    now = timezone.now()
    lot = BonusLot(
        user=user,
        coins=coins,
        purchase=purchase,
        redemption=redemption,
        created_at=now,
        expires_at=ends_after(now, days),
    )
    lot.due_at = lot.expires_at
    lot.mail_due_at = mail_due(lot)
    lot.save(force_insert=True)
    step = write(lot, Kind.GRANTED, coins)
    BonusLot.objects.filter(pk=lot.pk).update(created_at=step.created_at)
    lot.refresh_from_db()
    return lot


def mail_due(lot: BonusLot) -> datetime | None:
    """Return when the fan is told that a lot ends; never where it lives hardly longer than that."""
    at = lot.expires_at - DAY * CodePolicy.current().email_days
    return at if at > lot.created_at + DAY else None


def write(lot: BonusLot, kind: "BonusStep.Kind", coins: int) -> BonusStep:
    """Book one step of a lot, and return it. Raises `NotEnough` where the coins were spent."""
    mine = ledger.account_id("bonus_coins", COIN, lot.user_id)
    other = {
        Kind.GRANTED: "bonus_issued",
        Kind.EXPIRED: "bonus_expired",
        Kind.VOID: "bonus_voided",
        Kind.RESTORED: "bonus_voided",
    }[kind]
    theirs = ledger.account_id(other, COIN)
    comes = kind in {Kind.GRANTED, Kind.RESTORED}
    sides = (theirs, mine) if comes else (mine, theirs)
    number = lot.steps.count() + 1
    answer = ledger.post_one(
        key=f"bonus:{lot.public_id}:{number}",
        kind=f"bonus_{kind}",
        legs=[ledger.Leg(COIN, *sides, coins)],
    )
    at = ledger.moment_of(answer)
    return BonusStep.objects.create(lot=lot, number=number, kind=kind, coins=coins, created_at=at)


def expire(lot: BonusLot) -> int:
    """Take what is left of a lot whose end has come, and return how many coins that were."""
    lock_coins(lot.user_id)
    lot.refresh_from_db()
    left = unspent_of(lot)
    if left and lot.expires_at <= timezone.now():
        write(lot, Kind.EXPIRED, left)
        BonusLot.objects.filter(pk=lot.pk).update(expired_coins=F("expired_coins") + left)
    return left
