"""Payouts wait while a rule against fraud holds their creator's diamonds."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from payouts import refusals
from payouts.models import Payout
from wallet.velocity import creators


def waits_for_decision(payout: Payout, held: Collection[int]) -> str:
    """Return in a sentence that a payout's creator is among those who are held, or nothing."""
    return _("A fraud check is to be decided.") if payout.creator_id in held else ""


def held_creators(payouts: Iterable[Payout]) -> set[int]:
    """Return which creators of these payouts a fraud check holds, in one query."""
    return creators.held_among({payout.creator_id for payout in payouts})


def refuse_while_to_decide(payouts: Iterable[Payout]) -> None:
    """Return if no fraud check holds one of these payouts. Raises `FraudCheckOpen`."""
    leaving = list(payouts)
    held = held_creators(leaving)
    for payout in leaving:
        if payout.creator_id in held:
            raise refusals.FraudCheckOpen(payout=payout.short_id)
