"""What provider movements post besides the rows that they are about: fees, conversion, payouts,
and what two people book by hand.
"""

from collections.abc import Iterable
from typing import Any

from ledger import sources
from ledger.rules import allow, reversing

BY_HAND = [
    rule
    for account in ("processor_fees", "provider_loss", "provider_suspense", "bank", "fx")
    for rule in (
        allow("movement_by_hand", account, "clearing:"),
        allow("movement_by_hand", "clearing:", account),
    )
]
RULES = [
    *BY_HAND,
    *reversing(BY_HAND, of="movement_by_hand", by="movement_taken_back"),
    allow("movement", "processor_fees", "clearing:"),
    allow("movement", "clearing:", "processor_fees"),
    allow("movement", "bank", "clearing:"),
    allow("movement", "clearing:", "bank"),
    allow("movement", "fx", "clearing:"),
    allow("movement", "clearing:", "fx"),
]

# The transfers that a movement `m` asks for. Amounts below zero go the other way round.
LEGS = (
    "SELECT l.unit, CASE WHEN l.minor > 0 THEN l.giver ELSE l.taker END AS from_kind,"
    "   CASE WHEN l.minor > 0 THEN l.taker ELSE l.giver END AS to_kind, abs(l.minor) AS amount"
    " FROM (VALUES"
    "   (m.currency, 'processor_fees', 'clearing:' || m.provider, CASE"
    "     WHEN m.kind = 'fee' THEN m.fee_minor - m.amount_minor"
    "     WHEN m.kind = 'dispute' AND m.currency = m.source_currency THEN 0"
    "     ELSE m.fee_minor END),"
    "   (m.currency, 'bank', 'clearing:' || m.provider,"
    "     CASE WHEN m.kind = 'payout' THEN -m.amount_minor ELSE 0 END),"
    "   (m.source_currency, 'fx', 'clearing:' || m.provider,"
    "     CASE WHEN m.currency <> m.source_currency THEN m.source_minor ELSE 0 END),"
    "   (m.currency, 'clearing:' || m.provider, 'fx',"
    "     CASE WHEN m.currency <> m.source_currency THEN m.amount_minor ELSE 0 END)"
    " ) l(unit, giver, taker, minor) WHERE l.minor <> 0"
)

SOURCES = [
    # Each booked movement: its fee, its conversion, its way to our bank.
    sources.Source(
        13,
        ("movement",),
        "SELECT 'movement:' || m.provider || ':' || m.reference, 'movement', l.unit,"  # noqa: S608  # our own words
        "   l.from_kind, NULL::bigint, l.to_kind, NULL::bigint, l.amount, m.booked_at"
        f" FROM wallet_providermovement m CROSS JOIN LATERAL ({LEGS}) l"
        " WHERE m.booked_at IS NOT NULL",
        dated=True,
    ),
    # Each booking by hand: the movement less what our row moved already, to the account that two
    # people named; what our row moved in another currency goes over `fx`. And each mirror.
    sources.Source(
        13,
        ("movement_by_hand", "movement_taken_back"),
        "SELECT 'movement_booking:' || b.public_id, CASE WHEN b.takes_back_id IS NULL"
        "     THEN 'movement_by_hand' ELSE 'movement_taken_back' END, l.unit,"
        "   CASE WHEN s.minor > 0 THEN l.giver ELSE l.taker END, NULL::bigint,"
        "   CASE WHEN s.minor > 0 THEN l.taker ELSE l.giver END, NULL::bigint, abs(s.minor),"
        "   b.booked_at"
        " FROM wallet_movementbooking b JOIN wallet_providermovement m ON m.id = b.movement_id"
        " CROSS JOIN LATERAL (VALUES"
        "   (b.currency, 'clearing:' || m.provider, b.account,"
        "     b.net_minor - CASE WHEN b.row_currency = b.currency THEN b.row_minor ELSE 0 END),"
        "   (b.row_currency, 'fx', 'clearing:' || m.provider,"
        "     CASE WHEN b.row_currency = b.currency THEN 0 ELSE b.row_minor END)"
        " ) l(unit, giver, taker, minor)"
        " CROSS JOIN LATERAL (SELECT CASE WHEN b.takes_back_id IS NULL THEN l.minor"
        "   ELSE -l.minor END AS minor) s"
        " WHERE b.booked_at IS NOT NULL AND s.minor <> 0",
        dated=True,
    ),
]
FACTS = [
    "SELECT 'movement_booking:' || b.public_id, wallet_movement_facts(b)"
    " FROM wallet_movementbooking b WHERE b.booked_at IS NOT NULL"
]


def booking_facts(bookings: Iterable[int]) -> dict[int, Any]:
    """Return by id what the postings of these bookings by hand are made from."""
    return sources.facts(
        "SELECT b.id, wallet_movement_facts(b) AS facts FROM wallet_movementbooking b"
        " WHERE b.id = ANY (%s)",
        bookings,
    )
