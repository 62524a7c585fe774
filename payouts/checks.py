"""The payouts' part of the ledger check."""

from collections.abc import Iterable

from ledger.checks import Breach, Check, found

LEFT = "('sent', 'settled', 'returned')"


def left_payouts_have_one_batch_and_one_answer() -> Iterable[Breach]:
    """10: each payout that left is in one approved batch, left once, and has the bank's reference
    once answered.
    """
    yield from found(
        10,
        "A payout was sent without an approved batch, a posting or a bank reference.",
        "SELECT p.public_id::text AS payout, p.state, b.state AS batch, p.provider_reference"  # noqa: S608  # our own words
        " FROM payouts_payout p LEFT JOIN payouts_batch b ON b.id = p.batch_id"
        " LEFT JOIN ledger_posting g ON g.key = 'payout:' || p.public_id || ':sent'"
        f" WHERE p.state IN {LEFT} AND (b.id IS NULL"
        "   OR b.state NOT IN ('approved', 'downloaded', 'closed') OR g.id IS NULL"
        "   OR (p.state <> 'sent' AND p.provider_reference = '')) ORDER BY p.id",
    )
    yield from found(
        10,
        "A payout was posted as sent but hasn't been sent.",
        "SELECT g.key FROM ledger_posting g LEFT JOIN payouts_payout p"  # noqa: S608  # our own words
        " ON g.key = 'payout:' || p.public_id || ':sent'"
        f" WHERE g.kind = 'payout_sent' AND (p.id IS NULL OR p.state NOT IN {LEFT}) ORDER BY g.id",
    )


def cash_is_conversions_less_payouts() -> Iterable[Breach]:
    """11: a creator's cash is what was converted less what left, and covers every payout that
    waits.
    """
    yield from found(
        11,
        "A creator's cash differs from conversions minus payouts.",
        "SELECT * FROM (SELECT a.owner_id, a.unit, a.balance,"
        "   coalesce(sum(p.amount_minor) FILTER"
        "     (WHERE p.diamonds > 0 AND p.state <> 'cancelled'), 0)"
        " - coalesce(sum(p.amount_minor) FILTER (WHERE p.state IN ('sent', 'settled')), 0) AS due,"
        "   coalesce(sum(p.amount_minor) FILTER"
        "     (WHERE p.state IN ('requested', 'ready', 'batched')), 0) AS promised"
        " FROM ledger_account a"
        " LEFT JOIN payouts_payout p ON p.creator_id = a.owner_id AND p.currency = a.unit"
        " WHERE a.kind = 'cash' GROUP BY a.id) c"
        " WHERE balance <> due OR balance < promised ORDER BY owner_id",
    )
    yield from found(
        11,
        "Converted diamonds differ from the payouts made from them.",
        "SELECT * FROM (SELECT"
        " coalesce((SELECT sum(ledger_balance(id)) FROM ledger_account"
        "   WHERE kind = 'diamonds_converted'), 0)::bigint AS converted,"
        " coalesce((SELECT sum(diamonds) FROM payouts_payout"
        "   WHERE state <> 'cancelled'), 0)::bigint AS paid_out) d WHERE converted <> paid_out",
    )


def in_transit_is_what_was_sent() -> Iterable[Breach]:
    """14: money in transit is the payouts that the bank has not answered."""
    yield from found(
        14,
        "Money in transit differs from sent payouts without an answer.",
        "SELECT coalesce(a.kind, s.kind) AS account, coalesce(a.unit, s.unit) AS unit,"
        " coalesce(a.balance, 0) AS in_transit, coalesce(s.sent, 0) AS sent"
        " FROM (SELECT kind, unit, ledger_balance(id) AS balance FROM ledger_account"
        "   WHERE kind LIKE 'payout_in_transit:%%') a"
        " FULL JOIN (SELECT 'payout_in_transit:' || b.rail AS kind, p.currency AS unit,"
        "   sum(p.amount_minor)::bigint AS sent FROM payouts_payout p"
        "   JOIN payouts_batch b ON b.id = p.batch_id WHERE p.state = 'sent'"
        "   GROUP BY b.rail, p.currency) s ON s.kind = a.kind AND s.unit = a.unit"
        " WHERE coalesce(a.balance, 0) <> coalesce(s.sent, 0) ORDER BY 1, 2",
    )


def late_payouts_are_known_to_staff() -> Iterable[Breach]:
    """14: what is in transit for longer than the policy says carries a note to staff (an hour's
    grace for the sweep).
    """
    yield from found(
        14,
        "A payout has been in transit for too long and staff weren't alerted.",
        "SELECT p.public_id::text AS payout, max(e.created_at)::text AS left_at"
        " FROM payouts_payout p"
        " JOIN payouts_payoutevent e ON e.payout_id = p.id AND e.state = 'sent'"
        " WHERE p.state = 'sent' AND p.needs_attention = '' GROUP BY p.id"
        " HAVING max(e.created_at) < now() - interval '1 hour'"
        "   - (SELECT in_transit_days FROM payouts_payoutpolicy WHERE id = 1) * interval '1 day'"
        " ORDER BY p.id",
    )


CHECKS: list[Check] = [
    left_payouts_have_one_batch_and_one_answer,
    cash_is_conversions_less_payouts,
    in_transit_is_what_was_sent,
    late_payouts_are_known_to_staff,
]
