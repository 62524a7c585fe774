"""Gifts follow disputes, and refunds of what a child bought: freeze what is on hold, then give it
back or take it away.

The row of the dispute or refund says what is due, and each part is one transaction: a worker that
dies leaves it to the next one.
"""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

import ledger
from gifts.clawback import causes
from gifts.clawback.causes import Cause
from gifts.clawback.window import Share, disputed_shares
from gifts.models import Clawback, ClawbackGift, SentGift
from ledger.chart import COIN, DIAMOND
from wallet.models import Dispute, Refund

State = Clawback.State


def follow_disputes() -> int:
    """Bring gifts to where each dispute and each refund with gifts stands, and return how many of
    them were new to them.
    """
    due: list[tuple[type[Dispute | Refund], int]] = [
        *((Dispute, pk) for pk in causes.new_disputes().values_list("pk", flat=True)),
        *((Refund, pk) for pk in causes.new_refunds().values_list("pk", flat=True)),
    ]
    return sum(follow(kind, pk) for kind, pk in due)


@transaction.atomic
def follow(kind: type[Dispute | Refund], pk: int) -> bool:
    """Freeze a cause's gifts once, settle them once; two workers at once do each of it once."""
    row = causes.lock(kind, pk)
    cause = causes.of_dispute(pk) if kind is Dispute else causes.of_refund(pk)
    if row.decided or (row.opened and cause.is_open):
        return False
    if not row.opened and not cause.stays:
        _freeze(cause)
    if not cause.is_open:
        _settle(cause)
    row.opened, row.decided = True, not cause.is_open
    row.save(update_fields=["opened", "decided"])
    return True


def _freeze(cause: Cause) -> None:
    """Set aside what is still on hold; note what was released before."""
    of_creator: dict[int, list[Share]] = defaultdict(list)
    for share in disputed_shares(cause):
        of_creator[share.gift.creator_id].append(share)
    for creator_id, shares in sorted(of_creator.items()):
        _freeze_of(cause, creator_id, shares)


def _freeze_of(cause: Cause, creator_id: int, shares: list[Share]) -> None:
    held = [share for share in shares if share.gift.released_at is None]
    free = [share for share in shares if share.gift.released_at is not None]
    clawback = Clawback(
        **cause.named,
        creator_id=creator_id,
        held_coins=sum(share.coins for share in held),
        held_diamonds=sum(share.diamonds for share in held),
        released_coins=sum(share.coins for share in free),
        released_diamonds=sum(share.diamonds for share in free),
        notify_at=Now() if held else None,
    )
    clawback.created_at = _post(clawback, cause, "freeze", freezing(clawback))
    clawback.save(force_insert=True)
    ClawbackGift.objects.bulk_create(
        ClawbackGift(
            clawback=clawback,
            gift=share.gift,
            coins=share.coins,
            diamonds=share.diamonds,
            released=share.gift.released_at is not None,
        )
        for share in shares
    )
    for share in held:
        SentGift.objects.filter(pk=share.gift.pk).update(
            frozen=True, withheld_diamonds=F("withheld_diamonds") + share.diamonds
        )


def _settle(cause: Cause) -> None:
    """Give back what was frozen, or take it away, as the bank or the payment service decided."""
    for clawback in causes.clawbacks_of(cause).filter(state=State.FROZEN).order_by("pk"):
        (_return if cause.stays else _take)(clawback, cause)
        _thaw(clawback)


def _return(clawback: Clawback, cause: Cause) -> None:
    for part in clawback.gifts.filter(released=False):
        SentGift.objects.filter(pk=part.gift_id).update(
            withheld_diamonds=F("withheld_diamonds") - part.diamonds
        )
    moment = _post(clawback, cause, "unfreeze", freezing(clawback, back=True))
    _decide(clawback, State.RETURNED, moment, notify=clawback.held_diamonds > 0)


def _take(clawback: Clawback, cause: Cause) -> None:
    if cause.creator_bears:
        clawback.owed_diamonds = clawback.released_diamonds
    moment = _post(clawback, cause, "clawback", taking(clawback))
    told = clawback.held_diamonds > 0 or clawback.owed_diamonds > 0
    _decide(clawback, State.TAKEN, moment, notify=told)


def _decide(clawback: Clawback, to: Clawback.State, moment: datetime, *, notify: bool) -> None:
    Clawback.objects.filter(pk=clawback.pk).update(
        state=to,
        decided_at=moment,
        owed_diamonds=clawback.owed_diamonds,
        notify_at=Now() if notify else None,
    )


def _thaw(clawback: Clawback) -> None:
    """Let gifts go on with their hold that nothing else keeps frozen."""
    others = ClawbackGift.objects.filter(
        gift=OuterRef("pk"), released=False, clawback__state=State.FROZEN
    )
    mine = clawback.gifts.filter(released=False).values("gift")
    SentGift.objects.filter(~Exists(others), pk__in=mine).update(frozen=False)


def freezing(clawback: Clawback, *, back: bool = False) -> list[ledger.Leg]:
    """Return what is frozen of a creator's diamonds on hold, or thawed."""
    sides = [
        ledger.account_id(kind, DIAMOND, clawback.creator_id)
        for kind in ("diamonds_held", "diamonds_frozen")
    ]
    giving, taking = reversed(sides) if back else sides
    return _moved(ledger.Leg(DIAMOND, giving, taking, clawback.held_diamonds))


def taking(clawback: Clawback) -> list[ledger.Leg]:
    """Return what goes with the money: frozen diamonds, a debt, the gifts' coins.

    The coins are not the fan's to spend again. Those of a gift that the site bears stay spent.
    """

    def mine(kind: str) -> int:
        return ledger.account_id(kind, DIAMOND, clawback.creator_id)

    reversed_ = ledger.account_id("diamonds_reversed", DIAMOND)
    spent, gone = (ledger.account_id(k, COIN) for k in ("coins_spent", "coins_clawed_back"))
    coins = clawback.held_coins + (clawback.released_coins if clawback.owed_diamonds else 0)
    return _moved(
        ledger.Leg(DIAMOND, mine("diamonds_frozen"), reversed_, clawback.held_diamonds),
        ledger.Leg(DIAMOND, mine("diamonds_owed"), reversed_, clawback.owed_diamonds),
        ledger.Leg(COIN, spent, gone, coins),
    )


def _moved(*legs: ledger.Leg) -> list[ledger.Leg]:
    return [leg for leg in legs if leg.amount]


def _post(clawback: Clawback, cause: Cause, kind: str, legs: list[ledger.Leg]) -> datetime:
    """Post what there is to post, once, and return its moment."""
    if not legs:
        return timezone.now()
    key = f"{kind}:{cause.public_id}:{clawback.creator_id}"
    return ledger.moment_of(ledger.post_one(key=key, kind=kind, legs=legs))
