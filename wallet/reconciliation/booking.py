"""Booking what only the provider's book knows: fees, conversion, payouts to our bank."""

from django.db import connection, transaction
from django.utils import timezone

import ledger
from wallet.models import MovementBooking, ProviderMovement
from wallet.reconciliation.expected import COLUMNS, SAYS_THE_SAME, expected, row_name

Kind = ProviderMovement.Kind


def book() -> int:
    """Book each movement that is the provider's alone or has its row, and return how many."""
    return sum(_book(pk) for pk in _bookable())


def _bookable() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.id FROM wallet_providermovement m WHERE m.booked_at IS NULL"  # noqa: S608  # our own words
            " AND NOT m.by_hand AND (m.kind IN ('fee', 'payout') OR EXISTS ("
            f"  SELECT FROM ({expected()}) {COLUMNS} WHERE {SAYS_THE_SAME}))"
            " ORDER BY m.moved_at, m.id"
        )
        return [pk for (pk,) in cursor.fetchall()]


@transaction.atomic
def _book(pk: int) -> bool:
    """Book one movement, once; a second one about the same row is left for staff."""
    movement = ProviderMovement.objects.select_for_update().get(pk=pk)
    same = ProviderMovement.objects.filter(
        provider=movement.provider, kind=movement.kind, about=movement.about
    ).exclude(booked_at=None)
    inward = movement.source_minor > 0
    same = same.filter(source_minor__gt=0) if inward else same.filter(source_minor__lt=0)
    if movement.booked_at or movement.by_hand or (movement.about and same.exists()):
        return False
    row = row_name(movement.provider, movement.kind, movement.about, movement.source_minor)
    if MovementBooking.objects.standing().filter(row=row).exists():
        return False
    movement.booked_at = timezone.now()
    if moves := legs(movement):
        answer = ledger.post_one(key=key(movement), kind="movement", legs=moves)
        movement.booked_at = ledger.moment_of(answer)
    movement.save(update_fields=["booked_at"])
    return True


def leg(currency: str, giver: str, taker: str, minor: int) -> ledger.Leg:
    """Return the transfer of an amount; one below zero goes the other way round."""
    if minor < 0:
        giver, taker, minor = taker, giver, -minor
    accounts = ledger.account_id(giver, currency), ledger.account_id(taker, currency)
    return ledger.Leg(currency, *accounts, minor)


def key(movement: ProviderMovement) -> str:
    """Return the key under which a movement is booked: once."""
    return f"movement:{movement.provider}:{movement.reference}"


def legs(movement: ProviderMovement) -> list[ledger.Leg]:
    """Return what a movement moves besides what its row has moved already.

    A fee leaves clearing as a cost; a payout leaves it for our bank. What the provider converted
    leaves clearing in the fan's currency and comes back in the other one, over `fx`. The fee of a
    dispute is booked with the dispute, where it is in the same currency.
    """
    clearing = f"clearing:{movement.provider}"
    moves: list[ledger.Leg] = []

    def move(currency: str, giver: str, taker: str, minor: int) -> None:
        if minor:
            moves.append(leg(currency, giver, taker, minor))

    if movement.kind == Kind.FEE:
        cost = movement.fee_minor - movement.amount_minor
    elif movement.kind == Kind.DISPUTE and not movement.converted:
        cost = 0
    else:
        cost = movement.fee_minor
    move(movement.currency, "processor_fees", clearing, cost)
    if movement.kind == Kind.PAYOUT:
        move(movement.currency, "bank", clearing, -movement.amount_minor)
    if movement.converted:
        move(movement.source_currency, "fx", clearing, movement.source_minor)
        move(movement.currency, clearing, "fx", movement.amount_minor)
    return moves
