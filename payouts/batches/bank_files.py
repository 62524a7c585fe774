"""Payouts that leave together: one person builds, another approves, the bank gets what was
approved.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import ledger
from accounts.approvers import refuse_new
from accounts.models import User
from foundation.errors import WrongState
from payouts import rails, refusals
from payouts.approvers import RIGHTS
from payouts.holds import held_creators, refuse_while_to_decide, waits_for_decision
from payouts.methods import bank_accounts, encryption
from payouts.methods.fitness import unfit
from payouts.models import Batch, Payout
from payouts.pause import refuse_while_paused
from payouts.postings import leaving_facts
from payouts.rails.base import Answer, Files, Instruction


def build_batch(
    *, by: User, currency: str = "EUR", rail: str = "bank_file", only: Iterable[int] | None = None
) -> Batch:
    """Put the payouts that are ready (or of them `only` these ids) into a batch. Those that the
    bank file can't carry stay where they are, with the reason. Nothing leaves yet.
    """
    refuse_while_paused()
    batch = _built(Batch(rail=rail, currency=currency, built_by=by), only)
    if batch is None:  # what is left behind keeps its reason
        raise refusals.NothingFits
    return batch


@transaction.atomic
def approve(*, batch: Batch, by: User) -> Batch:
    """Let a batch that another person built leave: the money is on its way, the file is fixed for
    good.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.BUILT:
        raise WrongState
    if by.pk == batch.built_by_id:
        raise refusals.NeedsTwoPeople
    refuse_new(by, rights=RIGHTS, since=batch.built_at)
    refuse_while_paused()
    payouts = _fresh(batch)
    if any(payout.creator_id == by.pk for payout in payouts):
        raise refusals.OwnPayout
    _refuse_held(batch)
    refuse_while_to_decide(payouts)
    at = timezone.now()
    files = _files(batch, payouts, at=at)
    batch.move(
        Batch.State.APPROVED,
        approved_by=by,
        approved_at=at,
        file=encryption.encrypt(files.xml),
        csv=encryption.encrypt(files.csv),
        file_sha256=encryption.digest(files.xml),
        content_sha256=encryption.digest(rails.of(batch.rail).content(xml=files.xml)),
        execute_on=files.execute_on,
    )
    # What is posted remembers who let it go and where to.
    leaving = leaving_facts(payout.pk for payout in payouts)
    for answer in ledger.post([_leaving(batch, p, leaving[p.pk]) for p in payouts]):
        answer.or_raise()
    for payout in payouts:
        payout.move(Payout.State.SENT, needs_attention="")
    return batch


@transaction.atomic
def download(*, batch: Batch, csv: bool = False) -> bytes:
    """Return the file as it was approved, byte for byte, however often it is asked for. The first
    time, the day it asks the bank for moves on if it is over; then nothing changes any more.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.file is None or batch.csv is None or batch.state == Batch.State.VOID:
        raise WrongState
    xml = encryption.decrypt(batch.file)
    if encryption.digest(xml) != batch.file_sha256:
        raise refusals.FileDamaged
    if batch.state == Batch.State.APPROVED:
        _refuse_held(batch)
    if csv:
        return encryption.decrypt(batch.csv)
    return _hand_over(batch, xml) if batch.state == Batch.State.APPROVED else xml


@transaction.atomic
def discard(*, batch: Batch) -> Batch:
    """Take apart a batch that was not approved: its payouts are ready again, for the bank account
    in use now.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.BUILT:
        raise WrongState
    rows = batch.payouts.select_for_update(of=("self",)).select_related("method")
    for payout in rows.order_by("pk"):
        replaced = payout.method.removed_at is not None
        now = bank_accounts.method_of(payout.creator) if replaced else None
        payout.move(Payout.State.READY, batch=None, method=now or payout.method)
    batch.move(Batch.State.DISCARDED)
    return batch


def file_name(batch: Batch, ending: str) -> str:
    """Return the name under which a batch's file is saved; a sandbox's says so."""
    sandbox = "SANDBOX-" if settings.SANDBOX else ""
    return f"{sandbox}payouts-{batch.built_at:%Y-%m-%d}-{batch.short_id}.{ending}"


def close_answered(batch_ids: Iterable[int]) -> None:
    """Close those of the batches whose every payout the bank has answered."""
    left = Batch.objects.filter(state__in=[Batch.State.APPROVED, Batch.State.DOWNLOADED])
    # Of two files that answer the two halves, the second looks when the first is booked.
    for batch in left.filter(pk__in=batch_ids).select_for_update().order_by("pk"):
        if not batch.payouts.filter(state=Payout.State.SENT).exists():
            batch.move(Batch.State.CLOSED)


@transaction.atomic
def _built(batch: Batch, only: Iterable[int] | None) -> Batch | None:
    """Return the batch with what fits into it; nothing if nothing does. Raises `NothingReady`."""
    ready = Payout.objects.for_batch(batch.currency, batch.rail)
    if only is not None:
        ready = ready.filter(pk__in=list(only))
    rows = ready.select_related("method", "creator").order_by("pk")
    locked = rows.select_for_update(of=("self",))
    held = held_creators(locked)
    reasons = {
        payout: unfit(payout.method) or waits_for_decision(payout, held) for payout in locked
    }
    for payout, reason in reasons.items():
        if reason != payout.needs_attention:
            Payout.objects.filter(pk=payout.pk).update(needs_attention=reason[:200])
    payouts = [payout for payout, reason in reasons.items() if not reason]
    if not reasons:
        raise refusals.NothingReady
    if not payouts:
        return None
    batch.save()
    for payout in payouts:
        payout.move(Payout.State.BATCHED, batch=batch)
    return batch


def _hand_over(batch: Batch, xml: bytes) -> bytes:
    """Return the bytes that the bank gets from now on."""
    at = timezone.now()
    handover = rails.of(batch.rail).hand_over(xml=xml, at=at)
    batch.move(
        Batch.State.DOWNLOADED,
        downloaded_at=at,
        file=encryption.encrypt(handover.xml),
        file_sha256=encryption.digest(handover.xml),
        execute_on=handover.execute_on,
    )
    return handover.xml


def _fresh(batch: Batch) -> list[Payout]:
    """Return the batch's payouts, locked, or refuse when one's bank details no longer stand."""
    rows = batch.payouts.select_for_update(of=("self",)).select_related("method", "creator")
    payouts = list(rows.order_by("pk"))
    for payout in payouts:
        if payout.method.locked or payout.method.removed_at or payout.method.frozen:
            raise refusals.BatchStale(payout=payout.short_id)
        if reason := unfit(payout.method):
            raise refusals.BatchUnfit(payout=payout.short_id, reason=reason)
    return payouts


def _refuse_held(batch: Batch) -> None:
    """Let no file leave with a payout that contradicts the bank's files. Raises `PayoutHeld`."""
    if held := batch.payouts.held().first():
        raise refusals.PayoutHeld(payout=held.short_id)


def _files(batch: Batch, payouts: list[Payout], *, at: datetime) -> Files:
    sent = rails.of(batch.rail).send(
        batch_id=batch.public_id.hex,
        at=at,
        currency=batch.currency,
        instructions=[_instruction(payout) for payout in payouts],
    )
    if sent.answer is not Answer.ACCEPTED or sent.files is None:
        raise refusals.RailRefused(reason=sent.reason or sent.answer.value)
    return sent.files


def _instruction(payout: Payout) -> Instruction:
    words = _("Payout %(id)s to %(creator)s") % {"id": payout.short_id, "creator": payout.creator}
    return Instruction(
        end_to_end_id=payout.end_to_end_id,
        holder=payout.method.holder,
        iban=bank_accounts.iban_of(payout.method),
        bic=payout.method.bic,
        address=bank_accounts.address_of(payout.method),
        amount_minor=payout.amount_minor,
        words=f"SANDBOX {words}" if settings.SANDBOX else words,
    )


def _leaving(batch: Batch, payout: Payout, facts: object) -> ledger.Order:
    """Return the posting by which a creator's cash is on its way."""
    currency = payout.currency
    cash = ledger.account_id("cash", currency, payout.creator_id)
    transit = ledger.account_id(f"payout_in_transit:{batch.rail}", currency)
    leg = ledger.Leg(currency, cash, transit, payout.amount_minor)
    key = f"payout:{payout.public_id}:sent"
    return ledger.Order(key, "payout_sent", [leg], input=facts)
