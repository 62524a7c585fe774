"""What a file changes, gathered row by row and written many at a time."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

import ledger
from foundation.bank_files.reasons import Cause
from foundation.errors import WrongState
from foundation.many import copy_rows
from ledger.models import Account
from payouts.models import Payout, PayoutEvent, PayoutMethod, Proposal
from payouts.postings import decided_facts, facts

AT_ONCE = 1_000
T = TypeVar("T")
# By compare-and-set like `Payout.move`: a payout that another transaction moved meanwhile is not
# overwritten.
WRITE = """
    UPDATE payouts_payout p SET state = c.state, provider_reference = c.reference,
        return_reason = c.reason, return_cause = c.cause, needs_attention = c.attention,
        due_at = CASE WHEN c.again THEN now() ELSE p.due_at END, held_reason = c.held,
        held_at = CASE WHEN c.newly THEN now() ELSE p.held_at END,
        decision_id = coalesce(c.decision, p.decision_id)
    FROM json_to_recordset(%s) AS c(id bigint, before text, state text, reference text,
        reason text, cause text, attention text, again bool, held text, newly bool, decision bigint)
    WHERE p.id = c.id AND p.state = c.before
"""
# Of several steps the creator is told the last: not that it arrived when it came back.
UNTELL = """
    UPDATE payouts_payoutevent SET notify_at = NULL
    WHERE notify_at IS NOT NULL AND payout_id = ANY (%s)
"""
EVENT = (
    *("payout_id", "state", "note", "decision_id", "reference", "cause"),
    *("notify_at", "created_at"),
)


@dataclass(frozen=True)
class Answer:
    """What the bank says of a payment: its reference, and why it came back."""

    reference: str
    reason: str = ""
    cause: str = ""
    # The bank did not take the payment at all.
    rejected: bool = False


class Booking:
    """The postings and steps of one file, or of one decision of two people."""

    def __init__(self, payouts: Collection[Payout], decision: Proposal | None = None) -> None:
        self.decision = decision
        self.orders: list[ledger.Order] = []
        self.events: list[tuple[object, ...]] = []
        self.locks: dict[int, str] = {}
        self.again: set[int] = set()
        self.held: set[int] = set()
        self.changed: dict[int, Payout] = {}
        self.decided = {"decision": decided_facts(decision.pk)} if decision else {}
        self.own: dict[tuple[str, str], int] = {}
        self.about(payouts)

    def about(self, payouts: Collection[Payout]) -> None:
        """Ask what the bookings of these payouts need, in place of what was known of others."""
        self.facts = facts(payout.pk for payout in payouts)
        self.before = {payout.pk: payout.state for payout in payouts}
        units = {payout.currency for payout in payouts}
        creators = {payout.creator_id for payout in payouts}
        accounts = Account.objects.filter(kind="cash", unit__in=units, owner__in=creators)
        self.cash = {(one.owner_id, one.unit): one.pk for one in accounts}
        methods = PayoutMethod.objects.filter(pk__in={payout.method_id for payout in payouts})
        self.rails = dict(methods.values_list("pk", "rail"))

    def cash_of(self, payout: Payout) -> int:
        """Return the creator's account that a return goes to; 0 where they have none."""
        return self.cash.get((payout.creator_id, payout.currency), 0)

    def ours(self, kind: str, payout: Payout) -> int:
        """Return one of the site's own accounts, opened on first use."""
        key = (kind, payout.currency)
        if key not in self.own:
            self.own[key] = ledger.account_id(*key)
        return self.own[key]

    def settle(self, payout: Payout, answer: Answer) -> None:
        """Book that the money has left our bank account."""
        transit = f"payout_in_transit:{self.rails[payout.method_id]}"
        payout.provider_reference = answer.reference
        self._post(payout, "settled", self.ours(transit, payout), self.ours("bank", payout))
        self._move(payout, Payout.State.SETTLED, notify=True)

    def settle_from_cash(self, payout: Payout, answer: Answer) -> None:
        """Book that the bank paid what the creator holds as cash: it had come back, or had not
        been sent by our records.
        """
        payout.provider_reference = answer.reference
        self._post(payout, "paid_late", self.cash_of(payout), self.ours("bank", payout))
        payout.return_reason = payout.return_cause = ""
        self._move(payout, Payout.State.SETTLED, notify=True)

    def give_back(self, payout: Payout, answer: Answer) -> None:
        """Book that the money is the creator's again. Bank details that did not work are locked;
        what failed by our own fault goes out again by itself.
        """
        reason, ours = answer.reason or _("no reason was given"), answer.cause == Cause.OURS
        payout.return_reason, payout.return_cause = reason, answer.cause
        payout.provider_reference = payout.provider_reference or answer.reference
        if payout.state == Payout.State.SENT:
            key, told = f"payout:{payout.public_id}", self._told(payout, "returned")
            reversal = ledger.Order(
                f"{key}:returned", "reversal", reverses=f"{key}:sent", input=told
            )
            self.orders.append(reversal)
        else:
            self._post(payout, "returned", self.ours("bank", payout), self.cash_of(payout))
        again = ours and answer.rejected
        self._move(payout, Payout.State.RETURNED, note=reason, notify=not again)
        if answer.cause == Cause.PAYEE:
            self.locks[payout.method_id] = reason
        if again:
            self.again.add(payout.pk)

    def cancel(self, payout: Payout) -> None:
        """Let a payment that has not left stay: its money was paid by another."""
        self._move(payout, Payout.State.CANCELLED, notify=False)

    def hold(self, payout: Payout, reason: str) -> None:
        """Mark a payout of which the bank's files contradict our records."""
        payout.held_reason = reason[:200]
        self.held.add(payout.pk)
        self.changed[payout.pk] = payout

    def tell(self, payout: Payout, words: str) -> None:
        """Leave a note for staff."""
        payout.needs_attention = words[:200]
        self.changed[payout.pk] = payout

    def free(self, payout: Payout) -> None:
        """End the hold of a payout: no contradiction of it is left."""
        payout.held_reason = ""
        self.changed[payout.pk] = payout

    def write(self) -> None:
        """Write what was gathered, and at the end of all of it lock bank details, in one order for
        all files. Raises `WrongState`.
        """
        self.write_part()
        for reason in sorted(set(self.locks.values())):
            ids = [method for method, why in self.locks.items() if why == reason]
            PayoutMethod.objects.filter(pk__in=ids).update(
                locked_reason=reason, auto_weekly=False, next_auto_at=None
            )

    def write_part(self) -> None:
        """Write what was gathered so far: a large file takes no more memory than a small one.
        Raises `WrongState`.
        """
        for orders in parts(self.orders):
            for answer in ledger.post(orders):
                answer.or_raise()
        for payouts in parts(list(self.changed.values())):
            self._write_payouts(payouts)
        with connection.cursor() as cursor:
            cursor.execute(UNTELL, [list({payout for payout, *_rest in self.events})])
        copy_rows(PayoutEvent, EVENT, self.events)
        for gathered in (self.orders, self.changed, self.events, self.again, self.held):
            gathered.clear()

    def _write_payouts(self, payouts: Sequence[Payout]) -> None:
        rows = [
            {
                "id": payout.pk,
                "before": self.before[payout.pk],
                "state": payout.state,
                "reference": payout.provider_reference,
                "reason": payout.return_reason,
                "cause": payout.return_cause,
                "attention": payout.needs_attention,
                "again": payout.pk in self.again,
                "held": payout.held_reason,
                "newly": payout.pk in self.held,
                "decision": self.decision and self.decision.pk,
            }
            for payout in payouts
        ]
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [json.dumps(rows)])
            if cursor.rowcount != len(payouts):
                raise WrongState

    def _move(self, payout: Payout, to: "Payout.State", *, notify: bool, note: str = "") -> None:
        if to not in Payout.NEXT[Payout.State(payout.state)]:
            raise WrongState
        payout.state, payout.needs_attention = to, ""
        answered, now = to != Payout.State.CANCELLED, timezone.now()
        reference = payout.provider_reference if answered else ""
        cause = str(payout.return_cause) if answered else ""
        decision, notify_at = self.decision and self.decision.pk, now if notify else None
        self.events.append(
            (payout.pk, str(to), note, decision, reference, cause, notify_at, now),
        )
        self.changed[payout.pk] = payout

    def _post(self, payout: Payout, step: str, from_account: int, to_account: int) -> None:
        leg = ledger.Leg(payout.currency, from_account, to_account, payout.amount_minor)
        # A payout may come back twice, or be paid twice: each decision has a posting of its own.
        decided = f":{self.decision.pk}" if self.decision else ""
        key = f"payout:{payout.public_id}:{step}{decided}"
        told = self._told(payout, step)
        self.orders.append(ledger.Order(key, f"payout_{step}", [leg], input=told))

    def _told(self, payout: Payout, step: str) -> dict[str, Any]:
        """Return what the posting of the bank's answer, or of a decision, is made from."""
        told = {**self.facts[payout.pk], **self.decided, "reference": payout.provider_reference}
        if step == "returned":
            told |= {"reason": payout.return_reason, "cause": str(payout.return_cause)}
        return told


def parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Return rows some at a time, as many as are read and written at once."""
    return (rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE))
