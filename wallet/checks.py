"""The wallet's invariants, as the ledger check runs them."""

from collections.abc import Iterable
from datetime import timedelta

from ledger.checks import Breach, Check, found
from ledger.steps import steps_lead_to_state
from wallet.bonus import checks as bonus
from wallet.models import Purchase

# A worker writes them within seconds; the long look for what was left behind comes now and then.
DOCUMENTS_COME_WITHIN = timedelta(minutes=30)


def purchases_stand_where_their_steps_lead() -> Iterable[Breach]:
    """6: a purchase's events lead to its state, one allowed step after the other."""
    allowed = {str(before): sorted(map(str, to)) for before, to in Purchase.NEXT.items()}
    allowed["created"].append("paid")  # by a prepaid card, and by nothing else:
    yield from steps_lead_to_state(
        6,
        rows="wallet_purchase",
        steps="wallet_purchaseevent",
        link="purchase_id",
        allowed=allowed,
    )
    yield from found(
        6,
        "An order was paid before it was started, and not by a prepaid card.",
        "SELECT p.id, p.public_id, p.provider FROM wallet_purchase p JOIN ("
        "   SELECT purchase_id, state, lag(state) OVER (PARTITION BY purchase_id ORDER BY id)"
        "     AS before FROM wallet_purchaseevent) e ON e.purchase_id = p.id"
        " WHERE e.state = 'paid' AND e.before = 'created' AND p.provider <> 'prepaid'"
        " ORDER BY p.id",
    )


def recognised_is_the_share_of_the_coins() -> Iterable[Breach]:
    """12: of each purchase as much was recognised as its spent coins are worth, rounded down."""
    yield from found(
        12,
        "A purchase's recognized money differs from its recognized coins.",
        "SELECT id, public_id, coins, net_minor, recognised_coins, recognised_minor"
        " FROM wallet_purchase WHERE recognised_minor"
        "   <> div(net_minor::numeric * recognised_coins, coins)"
        "   OR state <> 'paid' AND recognised_coins <> 0 ORDER BY id",
    )


def unearned_is_what_was_not_spent() -> Iterable[Breach]:
    """12: unearned money is what purchases brought, less what recognition took."""
    yield from found(
        12,
        "Unearned money differs from the unspent part of purchases.",
        "SELECT coalesce(a.unit, p.currency) AS currency, a.minor AS unearned, p.minor AS unspent"
        " FROM ("
        "   SELECT unit, ledger_balance(id) AS minor FROM ledger_account WHERE kind = 'unearned') a"
        " FULL JOIN (SELECT currency,"
        "     sum(net_minor - recognised_minor - returned_net_minor)::bigint AS minor"
        "   FROM wallet_purchase WHERE state = 'paid' GROUP BY currency) p ON p.currency = a.unit"
        " WHERE coalesce(a.minor, 0) <> coalesce(p.minor, 0)",
    )


def orders_say_what_went_back() -> Iterable[Breach]:
    """7: an order's coins on hold, and what of it went back, are those of its refunds and disputes.

    Refunded and disputed never come to more than was captured.
    """
    yield from found(
        7,
        "An order's coins on hold or money given back differ from its refunds and disputes.",
        "SELECT p.id, p.public_id, p.held_coins, p.returned_coins, p.returned_net_minor,"
        " p.returned_tax_minor, p.returned_loss_minor FROM wallet_purchase p LEFT JOIN ("
        "   SELECT purchase_id, sum(held) AS held, sum(coins) AS coins, sum(net) AS net,"
        "     sum(tax) AS tax, sum(loss) AS loss FROM ("
        "     SELECT purchase_id,"
        "       CASE WHEN state IN ('proposed', 'held', 'sent') THEN coins END AS held,"
        "       CASE WHEN state = 'done' THEN coins END AS coins,"
        "       CASE WHEN state = 'done' THEN net_minor END AS net,"
        "       CASE WHEN state = 'done' THEN tax_minor END AS tax,"
        "       CASE WHEN state = 'done' THEN loss_minor END AS loss FROM wallet_refund"
        "     UNION ALL SELECT d.purchase_id,"
        "       CASE s.kind WHEN 'held' THEN s.coins ELSE -s.coins END,"
        "       CASE s.kind WHEN 'lost' THEN s.coins END, s.net_minor, s.tax_minor,"
        "       CASE s.kind WHEN 'lost' THEN s.loss_minor - d.uncovered_minor END"
        "     FROM wallet_disputestep s JOIN wallet_dispute d ON d.id = s.dispute_id"
        "   ) m GROUP BY purchase_id) b ON b.purchase_id = p.id"
        " WHERE (p.held_coins, p.returned_coins, p.returned_net_minor, p.returned_tax_minor,"
        "     p.returned_loss_minor) IS DISTINCT FROM (coalesce(b.held, 0), coalesce(b.coins, 0),"
        "     coalesce(b.net, 0), coalesce(b.tax, 0), coalesce(b.loss, 0)) ORDER BY p.id",
    )
    yield from found(
        7,
        "More of an order was refunded and disputed than was captured.",
        "SELECT p.id, p.public_id, p.total_minor, sum(b.minor)::bigint AS gone"
        " FROM wallet_purchase p JOIN ("
        "   SELECT purchase_id, net_minor + tax_minor + loss_minor AS minor FROM wallet_refund"
        "   WHERE state NOT IN ('failed', 'rejected') UNION ALL"
        "   SELECT purchase_id, amount_minor - uncovered_minor FROM wallet_dispute"
        "   WHERE state <> 'won') b ON b.purchase_id = p.id"
        " GROUP BY p.id HAVING sum(b.minor) > p.total_minor ORDER BY p.id",
    )


def disputes_say_what_their_steps_did() -> Iterable[Breach]:
    """7: a dispute's coins on hold, money, fee and end are those of its steps."""
    yield from found(
        7,
        "A dispute differs from its steps or from its order.",
        "SELECT d.id, d.public_id, d.state, d.held_coins, d.fee_minor, d.amount_minor, d.currency,"
        " d.purchase_id, s.dispute_id FROM wallet_dispute d JOIN wallet_purchase p"
        "   ON p.id = d.purchase_id CROSS JOIN LATERAL (SELECT max(s.dispute_id) AS dispute_id,"
        "   coalesce(sum(CASE s.kind WHEN 'held' THEN s.coins ELSE -s.coins END), 0) AS held,"
        "   coalesce(sum(s.coins) FILTER (WHERE s.kind = 'held'), 0) AS ever,"
        "   coalesce(sum(s.amount_minor) FILTER (WHERE s.kind = 'fee'), 0) AS fee,"
        "   count(*) FILTER (WHERE s.kind = 'taken') AS takings,"
        "   bool_and(s.amount_minor = d.amount_minor) FILTER (WHERE s.kind = 'taken'"
        "     OR s.kind IN ('won', 'lost') AND NOT d.inquiry) AS amounts,"
        "   max(s.kind) FILTER (WHERE s.kind IN ('won', 'lost')) AS ended,"
        "   max(s.created_at) FILTER (WHERE s.kind IN ('won', 'lost')) AS ended_at,"
        "   count(*) AS steps, coalesce(max(s.number), 0) AS last"
        "   FROM wallet_disputestep s WHERE s.dispute_id = d.id) s"
        " WHERE (d.held_coins = s.held AND s.ever <= d.coins AND d.coins <= p.coins"
        "   AND d.fee_minor = s.fee AND s.takings = CASE WHEN d.inquiry THEN 0 ELSE 1 END"
        "   AND coalesce(s.amounts, true) AND s.steps = s.last"
        "   AND CASE WHEN d.state IN ('won', 'lost') THEN d.state = s.ended"
        "       AND d.decided_at = s.ended_at ELSE s.ended IS NULL AND d.decided_at IS NULL END"
        "   AND d.provider = p.provider AND d.currency = p.currency) IS NOT TRUE ORDER BY d.id",
    )


def held_money_is_that_of_open_disputes() -> Iterable[Breach]:
    """7: the account of disputed money holds what providers took and banks have not decided."""
    yield from found(
        7,
        "Disputed money differs from the open disputes.",
        "SELECT coalesce(a.unit, d.currency) AS currency, a.minor AS held, d.minor AS disputed FROM"
        " (SELECT unit, -ledger_balance(id) AS minor FROM ledger_account"
        "   WHERE kind = 'disputes_held') a"
        " FULL JOIN (SELECT currency, sum(amount_minor)::bigint AS minor FROM wallet_dispute"
        "   WHERE NOT inquiry AND state NOT IN ('won', 'lost') GROUP BY currency) d"
        "   ON d.currency = a.unit WHERE coalesce(a.minor, 0) <> coalesce(d.minor, 0)",
    )


def sandbox_holds_what_we_cleared() -> Iterable[Breach]:
    """13, for the sandbox: our clearing account is what the provider itself holds for us."""
    yield from found(
        13,
        "The sandbox balance differs from our clearing account.",
        "SELECT coalesce(a.unit, s.currency) AS currency, a.minor AS ours, s.minor AS theirs FROM ("
        "   SELECT unit, -ledger_balance(id) AS minor FROM ledger_account"
        "   WHERE kind = 'clearing:sandbox') a"
        " FULL JOIN (SELECT s.currency, sum(s.amount_minor - coalesce(("
        "     SELECT sum(b.amount_minor) FROM wallet_sandboxrefund b JOIN wallet_refund r"
        "       ON r.provider_reference = b.reference::text AND r.purchase_id = p.id"
        "     WHERE b.payment_id = s.reference AND r.state = 'done'), 0) - coalesce(("
        "     SELECT sum(d.fee_minor + CASE WHEN d.inquiry OR d.state = 'won' THEN 0"
        "       ELSE d.amount_minor END) FROM wallet_dispute d"
        "     WHERE d.purchase_id = p.id), 0))::bigint AS minor"
        "   FROM wallet_sandboxpayment s JOIN wallet_purchase p"
        "   ON p.provider = 'sandbox' AND p.state = 'paid'"
        "   AND p.provider_reference = s.reference::text"
        "   WHERE s.state = 'succeeded' GROUP BY s.currency) s ON s.currency = a.unit"
        " WHERE coalesce(a.minor, 0) <> coalesce(s.minor, 0)",
    )


def numbers_have_no_gaps() -> Iterable[Breach]:
    """15: a series of documents counts from 1 without a gap, and its row says how far."""
    yield from found(
        15,
        "A document's number is not its place in the series.",
        "SELECT id, public_id, series, number, place FROM ("
        "   SELECT id, public_id, series, number,"
        "     row_number() OVER (PARTITION BY series ORDER BY number) AS place"
        "   FROM wallet_document) d WHERE number <> place ORDER BY series, number",
    )
    yield from found(
        15,
        "A series of documents says another last number than was written.",
        "SELECT coalesce(s.name, d.series) AS series, s.last, d.newest FROM ("
        "   SELECT series, max(number) AS newest FROM wallet_document GROUP BY series) d"
        " FULL JOIN wallet_documentseries s ON s.name = d.series"
        " WHERE d.newest IS DISTINCT FROM s.last",
    )


def money_has_its_documents() -> Iterable[Breach]:
    """15: each paid order has its receipt, each refund that is done its credit note."""
    yield from found(
        15,
        "A paid order has no receipt.",
        "SELECT p.id, p.public_id, p.captured_at FROM wallet_purchase p"
        " WHERE p.state = 'paid' AND p.captured_at < now() - %s AND NOT EXISTS ("
        "   SELECT FROM wallet_document d WHERE d.purchase_id = p.id AND d.kind = 'receipt')"
        " ORDER BY p.id",
        [DOCUMENTS_COME_WITHIN],
    )
    yield from found(
        15,
        "A refund has no credit note.",
        "SELECT r.id, r.public_id, r.done_at FROM wallet_refund r"
        " WHERE r.state = 'done' AND r.done_at < now() - %s AND NOT EXISTS ("
        "   SELECT FROM wallet_document d WHERE d.refund_id = r.id AND d.kind = 'credit_note')"
        " ORDER BY r.id",
        [DOCUMENTS_COME_WITHIN],
    )


def documents_say_what_rows_say() -> Iterable[Breach]:
    """15: a document's figures are its order's, or its refund's; it is there for what is so."""
    yield from found(
        15,
        "A document's figures differ from its order or refund.",
        "SELECT d.id, d.series, d.number, d.total_minor FROM wallet_document d"
        " JOIN wallet_purchase p ON p.id = d.purchase_id"
        " LEFT JOIN wallet_refund r ON r.id = d.refund_id"
        " WHERE d.currency <> p.currency OR d.tax_rate_bp <> p.tax_rate_bp"
        "   OR d.tax_name <> p.tax_name OR d.sandbox <> (d.series LIKE 'SANDBOX-%%')"
        "   OR d.country_code <> p.country_id OR r.purchase_id <> p.id"
        "   OR (d.coins, d.net_minor, d.tax_minor, d.loss_minor) IS DISTINCT FROM"
        "     CASE d.kind WHEN 'receipt' THEN (p.coins, p.net_minor, p.tax_minor, 0::bigint)"
        "     ELSE (r.coins, r.net_minor, r.tax_minor, r.loss_minor) END"
        "   OR d.kind = 'receipt' AND (p.state <> 'paid' OR d.moved_at <> p.captured_at)"
        "   OR d.kind = 'credit_note' AND r.state NOT IN ('done', 'failed')"
        "   OR d.kind = 'debit_note' AND r.state <> 'failed'"
        " ORDER BY d.id",
    )


CHECKS: list[Check] = [
    *bonus.CHECKS,
    purchases_stand_where_their_steps_lead,
    recognised_is_the_share_of_the_coins,
    unearned_is_what_was_not_spent,
    orders_say_what_went_back,
    disputes_say_what_their_steps_did,
    held_money_is_that_of_open_disputes,
    sandbox_holds_what_we_cleared,
    numbers_have_no_gaps,
    money_has_its_documents,
    documents_say_what_rows_say,
]
