"""Movements that no row explains, booked by hand: one person says what one is, another confirms."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import ledger
from accounts.approvers import refuse_new
from accounts.models import User
from foundation.errors import WrongState
from foundation.money import Money, money
from foundation.texts import reason_in
from ledger.checks import query
from wallet.models import MovementBooking, ProviderMovement, Purchase, Refund
from wallet.reconciliation import refusals
from wallet.reconciliation.booking import leg
from wallet.reconciliation.expected import (
    COLUMNS,
    IS_ABOUT,
    NOT_SHOWN,
    ROW_OF_EXPECTED,
    expected,
)
from wallet.reconciliation.postings import booking_facts

State = MovementBooking.State
Account = MovementBooking.Account
Kind = ProviderMovement.Kind
CONFIRM_RIGHTS = ("wallet.confirm_movement",)  # what the second person acts by
REASON_LENGTH = 200


def accounts_for(movement: ProviderMovement) -> list["Account"]:
    """Return where a movement may go: over exchange alone, where its row is in another currency."""
    _row, _minor, currency = row_of(movement)
    return [Account.FX] if currency not in {"", movement.currency} else list(Account)


def row_of(movement: ProviderMovement) -> tuple[str, int, str]:
    """Return the row of ours that a movement is about and says another amount: its name, and what
    it moved in which currency. Nothing if there is none, or another movement explains it.
    """
    found = query(
        f"SELECT {ROW_OF_EXPECTED} AS name, expected.minor - expected.fee AS minor,"  # noqa: S608  # our own words
        f" expected.currency FROM ({expected()}) {COLUMNS}"
        f" JOIN wallet_providermovement m ON m.id = %s AND {IS_ABOUT}"
        f" WHERE {NOT_SHOWN} ORDER BY 1, 2 LIMIT 1",
        [movement.pk],
    )
    return (found[0]["name"], found[0]["minor"], found[0]["currency"]) if found else ("", 0, "")


def row_amount(movement: ProviderMovement) -> Money | None:
    """Return what our own row of a movement moved, if one says another amount."""
    row, minor, currency = row_of(movement)
    return money(minor, currency) if row else None


def undecided(movement: ProviderMovement) -> bool:
    """Whether the order or refund that a movement is about may still explain it."""
    if movement.kind == Kind.CHARGE:
        waiting = [*Purchase.OPEN, Purchase.State.REVIEW]
        order = _id(movement.about)
        open_ones = Purchase.objects.filter(state__in=waiting)
        return order is not None and open_ones.filter(public_id=order).exists()
    refunds = Refund.objects.filter(purchase__provider=movement.provider)
    named = refunds.filter(provider_reference=movement.about, state__in=Refund.UNDER_WAY)
    return movement.kind == Kind.REFUND and named.exists()


@transaction.atomic
def propose(*, movement: ProviderMovement, account: str, by: User, reason: str) -> MovementBooking:
    """Propose where a movement goes that no row explains. Nothing is booked before another person
    confirms it.

    Raises `MovementReasonMissing`, `MovementNotOpen`, `OrderUndecided`, `AccountDoesNotFit`,
    `MovementProposed`.
    """
    said = _reason(reason)
    locked = _open(movement)
    if undecided(locked):
        raise refusals.OrderUndecided
    if account not in accounts_for(locked):
        raise refusals.AccountDoesNotFit
    row, minor, currency = row_of(locked)
    return _insert(
        MovementBooking(
            movement=locked,
            account=account,
            reason=said,
            net_minor=locked.net_minor,
            currency=locked.currency,
            row=row,
            row_minor=minor,
            row_currency=currency,
            proposed_by=by,
        )
    )


@transaction.atomic
def propose_taking_back(*, booking: MovementBooking, by: User, reason: str) -> MovementBooking:
    """Propose the mirror of a booking that stands: its movement is open again once another person
    confirms it. Raises `MovementReasonMissing`, `WrongState`, `MovementProposed`.
    """
    said = _reason(reason)
    _lock_movement(booking)
    before = MovementBooking.objects.standing().filter(pk=booking.pk).first()
    if before is None:
        raise WrongState
    copied = ("movement", "account", "net_minor", "currency", "row", "row_minor", "row_currency")
    same = {name: getattr(before, name) for name in copied}
    return _insert(MovementBooking(takes_back=before, reason=said, proposed_by=by, **same))


@transaction.atomic
def confirm(*, booking: MovementBooking, by: User) -> MovementBooking:
    """Book what another person proposed. Raises `WrongState`, `OwnMovementBooking`,
    `ApproverTooNew`, `MovementNotOpen`, `MovementChanged`.
    """
    movement = _lock_movement(booking)
    locked = MovementBooking.objects.select_for_update(no_key=True).get(pk=booking.pk)
    if locked.state != State.PROPOSED:
        raise WrongState
    if by.pk == locked.proposed_by_id:
        raise refusals.OwnMovementBooking
    refuse_new(by, rights=CONFIRM_RIGHTS, since=locked.proposed_at)
    if locked.takes_back:
        locked.takes_back.move(State.TAKEN_BACK, needs_attention="")
    else:
        _refuse_changed(_open(movement), locked)
    ProviderMovement.objects.filter(pk=movement.pk).update(by_hand=locked.takes_back is None)
    # What the posting keeps of it is read from the row: the row is written first.
    now = timezone.now()
    locked.move(State.BOOKED, decided_by=by, decided_at=now, booked_at=now)
    if moves := _legs(locked):
        locked.booked_at = ledger.moment_of(_post(locked, moves))
        locked.save(update_fields=["booked_at"])
    return locked


@transaction.atomic
def reject(*, booking: MovementBooking, by: User) -> MovementBooking:
    """Turn a proposal down; nothing is booked. Raises `WrongState`."""
    _lock_movement(booking)
    locked = MovementBooking.objects.get(pk=booking.pk)
    locked.move(State.REJECTED, decided_by=by, decided_at=timezone.now())
    return locked


def notice_rows() -> int:
    """Say at each booking whether a row of ours explains its movement by now, and return how many
    are explained: two people then take the booking back, and the movement books itself.
    """
    standing = MovementBooking.objects.standing()
    if not standing.filter(row="").exists():
        return 0
    found = query(
        "SELECT DISTINCT b.id FROM wallet_movementbooking b"  # noqa: S608  # our own words
        " JOIN wallet_providermovement m ON m.id = b.movement_id"
        f" JOIN ({expected()}) {COLUMNS} ON {IS_ABOUT}"
        f" WHERE b.state = 'booked' AND b.takes_back_id IS NULL AND b.row = '' AND {NOT_SHOWN}"
    )
    explained = [row["id"] for row in found]
    said = _("One of our own rows explains this movement now. Take the booking back.")
    standing.filter(pk__in=explained).exclude(needs_attention=said).update(needs_attention=said)
    standing.exclude(pk__in=explained).exclude(needs_attention="").update(needs_attention="")
    return len(explained)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _lock_movement(booking: MovementBooking) -> ProviderMovement:
    # The movement first: the job that books by rows locks it too.
    return ProviderMovement.objects.select_for_update(no_key=True).get(pk=booking.movement_id)


def _open(movement: ProviderMovement) -> ProviderMovement:
    rows = ProviderMovement.objects.select_for_update(no_key=True).unexplained()
    locked = rows.filter(pk=movement.pk).first()
    if locked is None:
        raise refusals.MovementNotOpen
    return locked


def _refuse_changed(movement: ProviderMovement, booking: MovementBooking) -> None:
    if row_of(movement) != (booking.row, booking.row_minor, booking.row_currency):
        raise refusals.MovementChanged


def _insert(booking: MovementBooking) -> MovementBooking:
    # Constraints, too, say that there is one: of two people at once, or for one row of ours.
    try:
        _save(booking)
    except IntegrityError as error:
        raise refusals.MovementProposed from error
    return booking


@transaction.atomic
def _save(booking: MovementBooking) -> None:
    booking.save(force_insert=True)


def _reason(reason: str) -> str:
    said = reason_in(reason, REASON_LENGTH)
    if not said:
        raise refusals.MovementReasonMissing
    return said


def _legs(booking: MovementBooking) -> list[ledger.Leg]:
    clearing = f"clearing:{booking.movement.provider}"
    moves = [(booking.currency, clearing, booking.account, booking.amount_minor)]
    if booking.row_currency not in {"", booking.currency}:
        moves.append((booking.row_currency, Account.FX, clearing, booking.row_minor))
    return [leg(*move) for move in moves if move[-1]]


def key(booking: MovementBooking) -> str:
    """Return the key under which it is booked."""
    return f"movement_booking:{booking.public_id}"


def _post(booking: MovementBooking, moves: list[ledger.Leg]) -> ledger.Answer:
    kept = booking_facts([booking.pk])[booking.pk]
    if booking.takes_back:
        return ledger.post_one(
            key=key(booking),
            kind="movement_taken_back",
            reverses=key(booking.takes_back),
            input=kept,
        )
    return ledger.post_one(key=key(booking), kind="movement_by_hand", legs=moves, input=kept)
