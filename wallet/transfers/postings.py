"""What bank transfers post: money that came is owed to its payer, until it is an order's."""

from collections.abc import Iterable
from typing import Any

from ledger import sources
from ledger.rules import allow, reversing

IN = [allow("transfer_in", "bank", "owed_payers")]
USED = [allow("transfer_used", "owed_payers", "clearing:")]
RULES = [
    *IN,
    *USED,
    *reversing(IN, of="transfer_in", by="transfer_dismissed"),
    *reversing(USED, of="transfer_used", by="transfer_released"),
    allow("transfer_reversed", "owed_payers", "bank"),
    allow("transfer_reversed", "clearing:", "bank"),
    allow("transfer_back", "owed_payers", "bank"),
    allow("transfer_back", "clearing:", "bank"),
]
CLEARING = "'clearing:bank_transfer'"

SOURCES = [
    # Each transfer: in; counted for its order, and taken off it again; no fan's after all; taken
    # back by the bank, from the order that has it and from what is owed.
    sources.Source(
        13,
        (
            *("transfer_in", "transfer_used", "transfer_released"),
            *("transfer_dismissed", "transfer_reversed"),
        ),
        "SELECT 'transfer:' || t.public_id || l.step, l.kind, t.currency, l.giver, NULL::bigint,"  # noqa: S608  # our own words
        "   l.taker, NULL::bigint, l.amount, l.moment"
        " FROM wallet_banktransfer t CROSS JOIN LATERAL (VALUES"
        "   ('', 'transfer_in', 'bank', 'owed_payers', t.amount_minor, t.received_at),"
        f"  (':used', 'transfer_used', 'owed_payers', {CLEARING}, t.used_minor, t.used_at),"
        f"  (':released', 'transfer_released', {CLEARING}, 'owed_payers', t.used_minor,"
        "    t.released_at),"
        "   (':dismissed', 'transfer_dismissed', 'owed_payers', 'bank', t.amount_minor,"
        "    t.dismissed_at),"
        f"  (':reversed', 'transfer_reversed', {CLEARING}, 'bank',"
        "    CASE WHEN t.released_at IS NULL THEN t.used_minor ELSE 0 END, t.reversed_at),"
        "   (':reversed', 'transfer_reversed', 'owed_payers', 'bank', t.amount_minor -"
        "    CASE WHEN t.released_at IS NULL THEN t.used_minor ELSE 0 END, t.reversed_at)"
        " ) l(step, kind, giver, taker, amount, moment)"
        " WHERE l.moment IS NOT NULL AND l.amount <> 0",
        dated=True,
    ),
    # What was sent back: from what is owed, or for a refund.
    sources.Source(
        13,
        ("transfer_back",),
        "SELECT 'giveback:' || g.public_id, 'transfer_back', g.currency,"  # noqa: S608  # our own words
        f"  CASE WHEN g.refund_id IS NULL THEN 'owed_payers' ELSE {CLEARING} END, NULL::bigint,"
        "   'bank', NULL::bigint, g.amount_minor, g.sent_at"
        " FROM wallet_giveback g WHERE g.sent_at IS NOT NULL",
        dated=True,
    ),
]
FACTS = [
    "SELECT 'transfer:' || t.public_id, wallet_transfer_facts(t) FROM wallet_banktransfer t"
    " WHERE t.received_at IS NOT NULL",
    "SELECT 'transfer:' || t.public_id || ':used', wallet_transfer_use(t)"
    " FROM wallet_banktransfer t WHERE t.used_at IS NOT NULL",
    "SELECT 'giveback:' || g.public_id, wallet_giveback_facts(g) FROM wallet_giveback g"
    " WHERE g.sent_at IS NOT NULL",
]


def facts(transfers: Iterable[int]) -> dict[int, Any]:
    """Return by id what the first postings of these transfers are made from."""
    return sources.facts(
        "SELECT t.id, wallet_transfer_facts(t) AS facts FROM wallet_banktransfer t"
        " WHERE t.id = ANY (%s)",
        transfers,
    )


def use_facts(transfers: Iterable[int]) -> dict[int, Any]:
    """Return by id what is kept of who decided that an order has this money."""
    return sources.facts(
        "SELECT t.id, wallet_transfer_use(t) AS facts FROM wallet_banktransfer t"
        " WHERE t.id = ANY (%s)",
        transfers,
    )


def give_back_facts(given_back: Iterable[int]) -> dict[int, Any]:
    """Return by id what is kept of money that was sent back."""
    return sources.facts(
        "SELECT g.id, wallet_giveback_facts(g) AS facts FROM wallet_giveback g"
        " WHERE g.id = ANY (%s)",
        given_back,
    )
