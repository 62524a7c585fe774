"""13: our clearing account is what the provider itself holds for us."""

from collections.abc import Iterable

from ledger.checks import Breach, Check, found
from wallet.reconciliation.expected import COLUMNS, NOT_SHOWN, SAYS_THE_SAME, expected


def booked_movements_have_their_rows() -> Iterable[Breach]:
    """13: each booked movement of the provider is about a row of ours that says the same."""
    yield from found(
        13,
        "A booked movement of the provider has no row that says the same.",
        "SELECT m.id, m.provider, m.reference, m.kind, m.about, m.currency, m.amount_minor"  # noqa: S608  # our own words
        " FROM wallet_providermovement m WHERE m.booked_at IS NOT NULL"
        " AND m.kind NOT IN ('fee', 'payout') AND NOT EXISTS ("
        f"  SELECT FROM ({expected()}) {COLUMNS} WHERE {SAYS_THE_SAME}) ORDER BY m.id",
    )


def clearing_is_what_the_provider_holds() -> Iterable[Breach]:
    """13: clearing is the sum of the provider's movements and of ours that it does not show yet.

    Movements that have no row on our side are not in it before two people booked them by hand.
    """
    yield from found(
        13,
        "Our clearing account differs from the provider's book.",
        f"WITH {COLUMNS} AS MATERIALIZED ({expected()})"  # noqa: S608  # our own words
        " SELECT coalesce(a.kind, t.kind) AS kind, coalesce(a.unit, t.currency) AS currency,"
        "   a.minor AS ours, t.minor AS theirs FROM ("
        "   SELECT kind, unit, -ledger_balance(id) AS minor FROM ledger_account"
        "   WHERE split_part(kind, ':', 1) = 'clearing' "
        "     AND kind NOT IN ('clearing:sandbox', 'clearing:bank_transfer')) a"
        " FULL JOIN (SELECT kind, currency, sum(minor)::bigint AS minor FROM ("
        "   SELECT 'clearing:' || provider, currency, net_minor FROM wallet_providermovement"
        "   WHERE booked_at IS NOT NULL OR by_hand UNION ALL"
        "   SELECT 'clearing:' || provider, currency, minor - fee FROM expected"
        f"  WHERE provider NOT IN ('sandbox', 'bank_transfer') AND {NOT_SHOWN}"
        " ) s(kind, currency, minor) GROUP BY kind, currency) t"
        " ON t.kind = a.kind AND t.currency = a.unit"
        " WHERE coalesce(a.minor, 0) <> coalesce(t.minor, 0)",
    )


def bookings_by_hand_are_their_movements() -> Iterable[Breach]:
    """13: a movement is booked by hand as long as one booking stands, and says what that says."""
    yield from found(
        13,
        "A movement and its booking by hand don't say the same.",
        "SELECT m.id, m.provider, m.reference, m.by_hand, b.id AS booking, b.net_minor"
        " FROM wallet_providermovement m FULL JOIN (SELECT * FROM wallet_movementbooking"
        "   WHERE state = 'booked' AND takes_back_id IS NULL) b ON b.movement_id = m.id"
        " WHERE coalesce(m.by_hand, true) AND b.id IS NULL OR b.id IS NOT NULL AND (m.id IS NULL"
        "   OR NOT m.by_hand OR (b.net_minor, b.currency) <> (m.net_minor, m.currency))"
        " ORDER BY m.id",
    )
    yield from found(
        13,
        "A booking by hand was taken back by another one than its mirror.",
        "SELECT b.id, b.public_id::text AS booking, b.state, t.id AS mirror"
        " FROM wallet_movementbooking b LEFT JOIN wallet_movementbooking t"
        "   ON t.takes_back_id = b.id AND t.state = 'booked'"
        " WHERE b.takes_back_id IS NULL AND (b.state = 'taken_back') <> (t.id IS NOT NULL)"
        "   OR t.id IS NOT NULL AND (t.movement_id, t.account, t.net_minor, t.currency, t.row,"
        "     t.row_minor, t.row_currency) <> (b.movement_id, b.account, b.net_minor, b.currency,"
        "     b.row, b.row_minor, b.row_currency) ORDER BY b.id",
    )


CHECKS: list[Check] = [
    booked_movements_have_their_rows,
    clearing_is_what_the_provider_holds,
    bookings_by_hand_are_their_movements,
]
