"""What a file changes, gathered row by row and written many at a time."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

import ledger
from foundation.errors import WrongState
from ledger.models import Account
from payouts.models import BankStatement, Payout, PayoutEvent, PayoutMethod, StatementLine
from payouts.rails.bank_file.reasons import Cause
from payouts.rails.bank_file.rows import Row
from payouts.statements.findings import Finding

AT_ONCE = 2_000
T = TypeVar("T")
# By compare-and-set like `Payout.move`: a payout that another transaction moved meanwhile is not
# overwritten.
WRITE = """
    UPDATE payouts_payout p SET state = c.state, provider_reference = c.reference,
        return_reason = c.reason, return_cause = c.cause, needs_attention = c.attention,
        due_at = CASE WHEN c.again THEN now() ELSE p.due_at END, held_reason = c.held,
        held_at = CASE WHEN c.newly THEN now() ELSE p.held_at END,
        held_seen_by_id = CASE WHEN c.newly THEN NULL ELSE p.held_seen_by_id END,
        held_settled_by_id = CASE WHEN c.newly THEN NULL ELSE p.held_settled_by_id END
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::bool[], %s::text[], %s::bool[])
        AS c(id, before, state, reference, reason, cause, attention, again, held, newly)
    WHERE p.id = c.id AND p.state = c.before
"""


class Booking:
    """The postings, steps and lines of one file."""

    def __init__(self, report: BankStatement, payouts: Sequence[Payout]) -> None:
        self.report = report
        self.orders: list[ledger.Order] = []
        self.events: list[PayoutEvent] = []
        self.lines: list[StatementLine] = []
        self.locks: dict[int, str] = {}
        self.again: set[int] = set()
        self.held: set[int] = set()
        self.changed: dict[int, Payout] = {}
        self.before = {payout.pk: payout.state for payout in payouts}
        units = {payout.currency for payout in payouts}
        creators = {payout.creator_id for payout in payouts}
        accounts = Account.objects.filter(kind="cash", unit__in=units, owner__in=creators)
        self.cash = {(one.owner_id, one.unit): one.pk for one in accounts}
        methods = PayoutMethod.objects.filter(pk__in={payout.method_id for payout in payouts})
        self.rails = dict(methods.values_list("pk", "rail"))
        self.ours: dict[tuple[str, str], int] = {}

    def cash_of(self, payout: Payout | None) -> int:
        """Return the creator's account that a return goes to; 0 for no payout."""
        return self.cash.get((payout.creator_id, payout.currency), 0) if payout else 0

    def settle(self, payout: Payout, row: Row) -> None:
        """Book that the money has left our bank account."""
        transit = f"payout_in_transit:{self.rails[payout.method_id]}"
        self._post(payout, "settled", self._ours(transit, payout), self._ours("bank", payout))
        payout.provider_reference = row.reference or row.end_to_end_id
        self._move(payout, Payout.State.SETTLED, notify=True)

    def give_back(self, payout: Payout, row: Row) -> None:
        """Book that the money is the creator's again. Bank details that did not work are locked;
        what failed by our own fault goes out again by itself.
        """
        reason, ours = row.reason or _("no reason was given"), row.cause is Cause.OURS
        if payout.state == Payout.State.SENT:
            key = f"payout:{payout.public_id}"
            reversal = ledger.Order(f"{key}:returned", "reversal", reverses=f"{key}:sent")
            self.orders.append(reversal)
        else:
            self._post(payout, "returned", self._ours("bank", payout), self.cash_of(payout))
        payout.return_reason, payout.return_cause = reason, row.cause
        payout.provider_reference = payout.provider_reference or row.reference or row.payment
        self._move(payout, Payout.State.RETURNED, note=reason, notify=not (ours and row.rejected))
        if row.cause is Cause.PAYEE:
            self.locks[payout.method_id] = reason
        if ours and row.rejected:
            self.again.add(payout.pk)

    def hold(self, payout: Payout, reason: str) -> None:
        """Mark a payout of which the bank's files contradict our records."""
        payout.held_reason = reason[:200]
        self.held.add(payout.pk)
        self.changed[payout.pk] = payout

    def tell(self, payout: Payout, words: str) -> None:
        """Leave a note for staff."""
        payout.needs_attention = words[:200]
        self.changed[payout.pk] = payout

    def line(self, row: Row, payout: Payout | None, finding: Finding) -> None:
        """Put a row into the report."""
        unread = row.amount_minor is None and payout is None
        amount = payout.amount_minor if payout and row.amount_minor is None else row.amount_minor
        self.lines.append(
            StatementLine(
                statement=self.report,
                number=row.number,
                reference=row.reference,
                end_to_end_id=row.end_to_end_id,
                amount_minor=amount or 0,
                currency="" if unread else row.currency or (payout.currency if payout else ""),
                outcome=finding.outcome,
                note=finding.note[:200],
                payout=payout,
            )
        )

    def write(self) -> None:
        """Write everything, in one order for all files. Raises `WrongState`."""
        for orders in _parts(self.orders):
            for answer in ledger.post(orders):
                answer.or_raise()
        for payouts in _parts(list(self.changed.values())):
            self._write_payouts(payouts)
        PayoutEvent.objects.bulk_create(self.events, batch_size=AT_ONCE)
        StatementLine.objects.bulk_create(self.lines, batch_size=AT_ONCE)
        for reason in sorted(set(self.locks.values())):
            ids = [method for method, why in self.locks.items() if why == reason]
            PayoutMethod.objects.filter(pk__in=ids).update(
                locked_reason=reason, auto_weekly=False, next_auto_at=None
            )

    def _write_payouts(self, payouts: Sequence[Payout]) -> None:
        columns: list[Any] = [
            [payout.pk for payout in payouts],
            [self.before[payout.pk] for payout in payouts],
            [str(payout.state) for payout in payouts],
            [payout.provider_reference for payout in payouts],
            [payout.return_reason for payout in payouts],
            [str(payout.return_cause) for payout in payouts],
            [payout.needs_attention for payout in payouts],
            [payout.pk in self.again for payout in payouts],
            [payout.held_reason for payout in payouts],
            [payout.pk in self.held for payout in payouts],
        ]
        with connection.cursor() as cursor:
            cursor.execute(WRITE, columns)
            if cursor.rowcount != len(payouts):
                raise WrongState

    def _move(self, payout: Payout, to: "Payout.State", *, notify: bool, note: str = "") -> None:
        if to not in Payout.NEXT[Payout.State(payout.state)]:
            raise WrongState
        payout.state, payout.needs_attention = to, ""
        at = timezone.now() if notify else None
        self.events.append(PayoutEvent(payout=payout, state=to, note=note, notify_at=at))
        self.changed[payout.pk] = payout

    def _post(self, payout: Payout, step: str, from_account: int, to_account: int) -> None:
        leg = ledger.Leg(payout.currency, from_account, to_account, payout.amount_minor)
        key = f"payout:{payout.public_id}:{step}"
        self.orders.append(ledger.Order(key, f"payout_{step}", [leg]))

    def _ours(self, kind: str, payout: Payout) -> int:
        """Return one of the site's own accounts, opened on first use."""
        key = (kind, payout.currency)
        if key not in self.ours:
            self.ours[key] = ledger.account_id(*key)
        return self.ours[key]


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE))
