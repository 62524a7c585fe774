"""The wallet's invariants, as the ledger check runs them."""

from collections.abc import Iterable

from ledger.checks import Breach, Check, found


def captured_purchases_are_posted_once() -> Iterable[Breach]:
    """6: each captured purchase has exactly one posting, of its amounts, and the reverse."""
    yield from found(
        6,
        "A captured purchase has no posting, or its amounts differ.",
        "SELECT p.public_id, p.coins, p.total_minor, m.coins AS posted_coins, m.minor AS posted"
        " FROM wallet_purchase p LEFT JOIN ("
        "   SELECT w.id, sum(t.amount) FILTER (WHERE t.unit = 'COIN') AS coins,"
        "          sum(t.amount) FILTER (WHERE t.unit = w.currency) AS minor"
        "   FROM wallet_purchase w"
        "   JOIN ledger_posting o ON o.key = 'purchase:' || w.public_id::text"
        "   JOIN ledger_transfer t ON t.posting_id = o.id"
        "   WHERE w.state = 'paid' GROUP BY w.id) m ON m.id = p.id"
        " WHERE p.state = 'paid'"
        " AND (m.coins IS DISTINCT FROM p.coins OR m.minor IS DISTINCT FROM p.total_minor)",
    )
    yield from found(
        6,
        "A purchase was posted without being captured.",
        "SELECT o.id, o.key FROM ledger_posting o LEFT JOIN wallet_purchase p"
        " ON o.key = 'purchase:' || p.public_id::text AND p.state = 'paid'"
        " WHERE o.kind = 'purchase' AND p.id IS NULL",
    )


def unearned_is_what_was_not_spent() -> Iterable[Breach]:
    """12: unearned money is what purchases brought, less what recognition took."""
    yield from found(
        12,
        "Unearned money differs from the unspent part of purchases.",
        "SELECT coalesce(a.unit, p.currency) AS currency, a.minor AS unearned, p.minor AS unspent"
        " FROM ("
        "   SELECT unit, ledger_balance(id) AS minor FROM ledger_account WHERE kind = 'unearned') a"
        " FULL JOIN (SELECT currency, sum(net_minor - recognised_minor)::bigint AS minor"
        "   FROM wallet_purchase WHERE state = 'paid' GROUP BY currency) p ON p.currency = a.unit"
        " WHERE coalesce(a.minor, 0) <> coalesce(p.minor, 0)",
    )


def sandbox_holds_what_we_cleared() -> Iterable[Breach]:
    """13, for the sandbox: our clearing account is what the provider itself holds for us."""
    yield from found(
        13,
        "The sandbox balance differs from our clearing account.",
        "SELECT coalesce(a.unit, s.currency) AS currency, a.minor AS ours, s.minor AS theirs FROM ("
        "   SELECT unit, -ledger_balance(id) AS minor FROM ledger_account"
        "   WHERE kind = 'clearing:sandbox') a"
        " FULL JOIN (SELECT s.currency, sum(s.amount_minor)::bigint AS minor"
        "   FROM wallet_sandboxpayment s JOIN wallet_purchase p"
        "   ON p.provider = 'sandbox' AND p.state = 'paid'"
        "   AND p.provider_reference = s.reference::text"
        "   WHERE s.state = 'succeeded' GROUP BY s.currency) s ON s.currency = a.unit"
        " WHERE coalesce(a.minor, 0) <> coalesce(s.minor, 0)",
    )


CHECKS: list[Check] = [
    captured_purchases_are_posted_once,
    unearned_is_what_was_not_spent,
    sandbox_holds_what_we_cleared,
]
