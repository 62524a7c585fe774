"""Batches of codes: proposed, confirmed by a second person above a limit, made once, blocked."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from foundation.money import MICRO
from foundation.texts import reason_in
from wallet.codes import refusals
from wallet.codes.alphabet import digest, new_code
from wallet.models import Code, CodeBatch, CodePolicy, RateCard

State = CodeBatch.State
REASON_LENGTH = 200


@dataclass(frozen=True)
class Made:
    """A batch with its codes in plain. They are nowhere else: who holds this holds the coins."""

    batch: CodeBatch
    codes: list[str]


def worth_micro_usd(batch: CodeBatch) -> int:
    """Return what all coins of a batch are worth, in millionths of a US dollar."""
    return batch.coins * batch.uses * batch.count * RateCard.objects.current().coin_value_micro_usd


def propose(batch: CodeBatch, *, by: User) -> CodeBatch:
    """Write a new batch; above the rules' limit it waits for a second person."""
    batch.created_by = by
    batch.currency = batch.region.currency if batch.region and batch.price_minor else ""
    batch.needs_second = worth_micro_usd(batch) > CodePolicy.current().alone_usd * MICRO
    batch.state = State.PROPOSED if batch.needs_second else State.APPROVED
    batch.save()
    return batch


@transaction.atomic
def confirm(batch: CodeBatch, *, by: User) -> CodeBatch:
    """Let codes be made that another person proposed. Raises `OwnBatch`, `WrongState`."""
    return _decide(batch, State.APPROVED, by)


@transaction.atomic
def reject(batch: CodeBatch, *, by: User) -> CodeBatch:
    """Turn proposed codes down. Raises `OwnBatch`, `WrongState`."""
    return _decide(batch, State.REJECTED, by)


def _decide(batch: CodeBatch, to: "CodeBatch.State", by: User) -> CodeBatch:
    locked = CodeBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if by.pk == locked.created_by_id:
        raise refusals.OwnBatch
    locked.move(to, decided_by=by)
    return locked


@transaction.atomic
def make(batch: CodeBatch) -> Made:
    """Make a batch's codes, once, and return them in plain; only digests are kept.

    Raises `WrongState` where they were made, are blocked, or wait for a second person.
    """
    locked = CodeBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    locked.move(State.MADE, made_at=timezone.now(), sandbox=settings.SANDBOX)
    codes = [new_code() for _ in range(locked.count)]
    Code.objects.bulk_create(
        Code(batch=locked, number=number, digest=digest(code), most_uses=locked.uses)
        for number, code in enumerate(codes, 1)
    )
    return Made(locked, codes)


@transaction.atomic
def make_void(batch: CodeBatch, *, code_number: int | None, by: User, reason: str) -> Code:
    """Let one code never be redeemed, by its number: its card was returned unredeemed.

    Raises `VoidReasonMissing`, `NoSuchNumber`, `AlreadyRedeemed`, `AlreadyVoid`.
    """
    said = reason_in(reason, REASON_LENGTH)
    if not said:
        raise refusals.VoidReasonMissing
    # Under the lock that redeeming takes: of the two, one is first.
    codes = Code.objects.select_for_update(of=("self",)).filter(batch=batch)
    row = codes.filter(number=code_number).first() if code_number is not None else None
    if row is None:
        raise refusals.NoSuchNumber
    if row.used:
        raise refusals.AlreadyRedeemed
    if row.void_at:
        raise refusals.AlreadyVoid
    row.void_at, row.void_by, row.void_reason = timezone.now(), by, said
    row.save(update_fields=["void_at", "void_by", "void_reason"])
    return row


@transaction.atomic
def block(batch: CodeBatch, *, by: User) -> CodeBatch:
    """Let no code of a batch be redeemed any more; what was redeemed stays. Raises `WrongState`."""
    locked = CodeBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    locked.move(State.BLOCKED, blocked_by=by)
    return locked
