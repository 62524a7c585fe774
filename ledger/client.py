"""The ledger's client: typed orders in, answers out; the work is done by its SQL."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError
from foundation.transactions import once_more
from ledger.chart import kind_of


class KeyReused(DomainError):
    """The idempotency key was used before with another input."""

    code = "key_reused"
    status = 422
    message = _(
        "This key was already used for something else. Nothing was changed. Reload the page and "
        "try again."
    )


class NotEnough(DomainError):
    """A guarded account holds less than the posting takes.

    `account_kind`, `unit`, `missing` say what.
    """

    code = "insufficient_funds"
    message = _("This account is short by %(missing)s %(unit)s. Check its balance and try again.")


class Refused(DomainError):
    """The ledger refused the posting as a whole; `reason` is its code."""

    code = "ledger_refused"
    message = _(
        "The ledger refused this (%(reason)s). Nothing was changed. Try again, or contact us."
    )


@dataclass(frozen=True)
class Leg:
    """One transfer to be.

    `amount` of `unit` (coins, diamonds or minor units) between two account ids.
    """

    unit: str
    from_account: int
    to_account: int
    amount: int


@dataclass(frozen=True)
class Order:
    """One posting to be. With `reverses` (a key) the exact mirror of that posting is written and
    `legs` stays empty.

    `input` is what the caller was asked, when the legs are derived from it; it decides whether a
    repeated key is the same request.
    """

    key: str
    kind: str
    legs: Sequence[Leg] = ()
    reverses: str | None = None
    input: Any = field(default=None)

    def as_json(self) -> dict[str, Any]:
        """Return the element that `ledger_post` reads."""
        item: dict[str, Any] = {"key": self.key, "kind": self.kind}
        if self.reverses is not None:
            item["reverses"] = self.reverses
        else:
            item["transfers"] = [
                {
                    "unit": leg.unit,
                    "from": leg.from_account,
                    "to": leg.to_account,
                    "amount": leg.amount,
                }
                for leg in self.legs
            ]
        if self.input is not None:
            item["input"] = self.input
        return item


@dataclass(frozen=True)
class Answer:
    """The outcome of an order.

    `done`, `already` (the same key and input as before) or `refused` with a code.
    """

    outcome: str
    posting_id: int | None
    code: str | None
    detail: dict[str, Any]

    @property
    def refused(self) -> bool:
        """Whether nothing was written for this order, now or before."""
        return self.outcome == "refused"

    def or_raise(self) -> "Answer":
        """Return self, or raise `KeyReused`, `NotEnough` or `Refused`."""
        if not self.refused:
            return self
        if self.code == "key_reused":
            raise KeyReused
        if self.code == "insufficient":
            facts = self.detail
            raise NotEnough(
                account_kind=facts["kind"], unit=facts["unit"], missing=facts["missing"]
            )
        raise Refused(reason=self.code)


@once_more
def post(orders: Sequence[Order]) -> list[Answer]:
    """Write many postings in one round trip and return an answer for each, in order; a refusal
    refuses only itself.
    """
    if not orders:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, posting_id, code, detail FROM ledger_post(%s::jsonb) ORDER BY ord",
            [json.dumps([order.as_json() for order in orders])],
        )
        return [
            Answer(outcome, posting_id, code, json.loads(detail) if code else {})
            for outcome, posting_id, code, detail in cursor.fetchall()
        ]


def post_one(
    *, key: str, kind: str, legs: Sequence[Leg] = (), reverses: str | None = None, input: Any = None
) -> Answer:
    """Write one posting and return its answer. Raises `KeyReused`, `NotEnough`, `Refused`."""
    return post([Order(key, kind, legs, reverses, input)])[0].or_raise()


def moment_of(answer: Answer) -> datetime:
    """Return when a posting was booked: what its row says of the moment is the same to the
    microsecond.
    """
    return moments_of([answer])[0]


def moments_of(answers: Sequence[Answer]) -> list[datetime]:
    """Return when each of these postings was booked."""
    ids = [answer.posting_id for answer in answers]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, created_at FROM ledger_posting WHERE id = ANY (%s)", [ids])
        moments = dict(cursor.fetchall())
    return [moments[each] for each in ids]


def account_id(kind: str, unit: str, owner_id: int | None = None) -> int:
    """Return the id of an account, opened on first use.

    Raises `KeyError` for a kind that the chart does not know.
    """
    return account_ids([(kind, unit, owner_id)])[0]


def account_ids(wanted: Sequence[tuple[str, str, int | None]]) -> list[int]:
    """Return the ids of accounts (kind, unit, owner), each opened on first use, in one round trip.

    Raises `KeyError` for a kind that the chart does not know.
    """
    guarded = []
    for kind, unit, owner_id in wanted:
        rules = kind_of(kind)
        if rules.owned != (owner_id is not None) or (rules.unit and rules.unit != unit):
            raise KeyError(f"{kind} in {unit} does not fit the chart of accounts")
        guarded.append(rules.guarded)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_open(w.owner_id, w.kind, w.unit, w.guarded)"
            " FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::boolean[])"
            " WITH ORDINALITY AS w(kind, unit, owner_id, guarded, place) ORDER BY w.place",
            [[w[0] for w in wanted], [w[1] for w in wanted], [w[2] for w in wanted], guarded],
        )
        return [int(opened) for (opened,) in cursor.fetchall()]


def balance(kind: str, unit: str, owner_id: int | None = None) -> int:
    """Return a balance on the account's normal side; 0 for an account that was never used."""
    return balances([(kind, unit, owner_id)])[kind, unit, owner_id]


def lock_owners(owner_ids: Iterable[int], unit: str) -> None:
    """Let nothing move these owners' guarded accounts of a unit until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_lock_owners(%s, %s)", [list(owner_ids), unit])


def balances(
    wanted: Iterable[tuple[str, str, int | None]],
) -> dict[tuple[str, str, int | None], int]:
    """Return several balances, each on its account's normal side, read in one snapshot."""
    keys = list(wanted)
    found: dict[tuple[str, str, int | None], int] = dict.fromkeys(keys, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.kind, a.unit, a.owner_id, ledger_balance(a.id) FROM ledger_account a"
            " JOIN unnest(%s::text[], %s::text[], %s::bigint[]) AS w(kind, unit, owner_id)"
            " ON a.kind = w.kind AND a.unit = w.unit"
            # Not IS NOT DISTINCT FROM, which no index answers.
            " AND (a.owner_id = w.owner_id OR (a.owner_id IS NULL AND w.owner_id IS NULL))",
            [[k[0] for k in keys], [k[1] for k in keys], [k[2] for k in keys]],
        )
        for kind, unit, owner_id, credit in cursor.fetchall():
            sign = 1 if kind_of(kind).side == "credit" else -1
            found[kind, unit, owner_id] = sign * credit
    return found
