"""13, for bank transfers: our accounts are what statements say, and what staff decided of that."""

from collections.abc import Iterable

from ledger.checks import Breach, Check, found

# What of a transfer an order has: also when the bank took it back from an order that was paid.
KEPT = "CASE WHEN t.released_at IS NULL THEN t.used_minor ELSE 0 END"


def orders_are_covered() -> Iterable[Breach]:
    """13: each order that is paid by bank transfer has its price from statements, to the cent."""
    yield from found(
        13,
        "An order paid by bank transfer has another amount than the statements say.",
        "SELECT p.id, p.public_id::text AS order, p.total_minor, s.came FROM wallet_purchase p"  # noqa: S608  # our own words
        f" CROSS JOIN LATERAL (SELECT coalesce(sum({KEPT}), 0) AS came, count(*) FILTER"
        "     (WHERE t.currency <> p.currency AND t.used_minor > 0) AS odd"
        "   FROM wallet_banktransfer t WHERE t.purchase_id = p.id) s"
        " WHERE p.provider = 'bank_transfer' AND (s.odd > 0 OR s.came > p.total_minor"
        "   OR p.state = 'paid' AND s.came <> p.total_minor) ORDER BY p.id",
    )
    yield from found(
        13,
        "Money of a bank transfer counts for an order that is paid in another way.",
        "SELECT t.id, t.public_id::text AS transfer, p.public_id::text AS order"
        " FROM wallet_banktransfer t JOIN wallet_purchase p ON p.id = t.purchase_id"
        " LEFT JOIN wallet_awaitedtransfer a ON a.purchase_id = p.id"
        " WHERE t.used_minor > 0 AND (p.provider <> 'bank_transfer' OR a.id IS NULL) ORDER BY t.id",
    )
    yield from found(
        13,
        "An order waits for another reference than the payment that it has.",
        "SELECT a.id, a.reference, p.provider_reference, p.id AS order_id, p.public_id::text"
        " FROM wallet_awaitedtransfer a JOIN wallet_purchase p ON p.id = a.purchase_id"
        " WHERE p.provider <> 'bank_transfer'"
        "   OR p.provider_reference NOT IN ('', a.reference) ORDER BY a.id",
    )


def clearing_is_what_orders_still_lack() -> Iterable[Breach]:
    """13: clearing is what paid orders brought in coins, less what statements brought for them."""
    yield from found(
        13,
        "The clearing account of bank transfers differs from orders, statements and refunds.",
        "SELECT coalesce(a.unit, s.currency) AS currency, a.minor AS ours, s.minor AS theirs FROM"  # noqa: S608  # our own words
        " (SELECT unit, -ledger_balance(id) AS minor FROM ledger_account"
        "   WHERE kind = 'clearing:bank_transfer') a"
        " FULL JOIN (SELECT currency, sum(minor)::bigint AS minor FROM ("
        "   SELECT currency, total_minor FROM wallet_purchase"
        "   WHERE provider = 'bank_transfer' AND state = 'paid' UNION ALL"
        "   SELECT r.currency, -(r.net_minor + r.tax_minor + r.loss_minor)"
        "   FROM wallet_refund r JOIN wallet_purchase p ON p.id = r.purchase_id"
        "   WHERE p.provider = 'bank_transfer' AND r.state = 'done' UNION ALL"
        f"  SELECT t.currency, -({KEPT}) FROM wallet_banktransfer t WHERE t.state <> 'reversed'"
        "   UNION ALL SELECT currency, amount_minor FROM wallet_giveback"
        "   WHERE refund_id IS NOT NULL AND state = 'sent'"
        " ) m(currency, minor) GROUP BY currency) s ON s.currency = a.unit"
        " WHERE coalesce(a.minor, 0) <> coalesce(s.minor, 0)",
    )


def payers_are_owed_what_rows_say() -> Iterable[Breach]:
    """13: what came and is no order's is owed: somebody decides about it, or it goes back."""
    yield from found(
        13,
        "What is owed to payers of bank transfers differs from the transfers.",
        "SELECT coalesce(a.unit, s.currency) AS currency, a.minor AS ours, s.minor AS owed FROM"  # noqa: S608  # our own words
        " (SELECT unit, ledger_balance(id) AS minor FROM ledger_account"
        "   WHERE kind = 'owed_payers') a"
        " FULL JOIN (SELECT currency, sum(minor)::bigint AS minor FROM ("
        f"  SELECT t.currency, t.amount_minor - ({KEPT}) FROM wallet_banktransfer t"
        "   WHERE t.state NOT IN ('new', 'dismissed', 'reversed') UNION ALL"
        "   SELECT currency, -amount_minor FROM wallet_giveback"
        "   WHERE refund_id IS NULL AND state = 'sent'"
        " ) m(currency, minor) GROUP BY currency) s ON s.currency = a.unit"
        " WHERE coalesce(a.minor, 0) <> coalesce(s.minor, 0)",
    )
    yield from found(
        13,
        "Money of a bank transfer is neither an order's nor on its way back.",
        "SELECT t.id, t.public_id::text AS transfer, t.state, t.amount_minor, g.minor"  # noqa: S608  # our own words
        " FROM wallet_banktransfer t CROSS JOIN LATERAL (SELECT coalesce(sum(g.amount_minor), 0)"
        "     AS minor, count(*) FILTER (WHERE g.currency <> t.currency) AS odd"
        "   FROM wallet_giveback g WHERE g.transfer_id = t.id AND g.refund_id IS NULL) g"
        " WHERE g.odd > 0 OR g.minor <> CASE WHEN t.state IN ('used', 'owed')"
        f"    THEN t.amount_minor - ({KEPT})"
        "     WHEN t.state = 'reversed' THEN g.minor ELSE 0 END"
        "   OR t.state = 'reversed' AND t.reversal_key = '' ORDER BY t.id",
    )


def refunds_go_back_once() -> Iterable[Breach]:
    """13: what goes back for a refund is that refund's amount, and its order's."""
    yield from found(
        13,
        "What goes back for a refund is not what was refunded.",
        "SELECT g.id, g.public_id::text AS give_back, g.amount_minor, r.id AS refund_id"
        " FROM wallet_giveback g JOIN wallet_refund r ON r.id = g.refund_id"
        " JOIN wallet_banktransfer t ON t.id = g.transfer_id"
        " WHERE g.amount_minor <> r.net_minor + r.tax_minor + r.loss_minor"
        "   OR g.currency <> r.currency OR t.purchase_id IS DISTINCT FROM r.purchase_id"
        "   OR r.state = 'done' AND g.state NOT IN ('sent', 'covered')"
        "   OR r.provider_reference NOT IN ('', g.public_id::text) ORDER BY g.id",
    )
    yield from found(
        13,
        "A refund of an order paid by bank transfer is done, and nothing went back.",
        "SELECT r.id, r.public_id::text AS refund FROM wallet_refund r"
        " JOIN wallet_purchase p ON p.id = r.purchase_id"
        " LEFT JOIN wallet_giveback g ON g.refund_id = r.id"
        " WHERE p.provider = 'bank_transfer' AND r.state = 'done' AND g.id IS NULL ORDER BY r.id",
    )


CHECKS: list[Check] = [
    orders_are_covered,
    clearing_is_what_orders_still_lack,
    payers_are_owed_what_rows_say,
    refunds_go_back_once,
]
