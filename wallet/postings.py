"""What the wallet posts: rules, the rows that postings book, and what people hold by them."""

from collections.abc import Iterable
from typing import Any

from ledger import sources
from ledger.rules import allow, reversing

REFUND = [
    allow("refund_hold", "coins", "coins_held", "fan"),
    allow("refund", "coins_held", "coins_refunded", "fan"),
    allow("refund", "unearned", "clearing:"),
    allow("refund", "tax:", "clearing:"),
    allow("refund", "refund_loss", "clearing:"),
]
# Given back by hand, from the site's own bank. Nothing sends that back by itself.
BY_HAND = [
    allow("refund", "unearned", "bank"),
    allow("refund", "tax:", "bank"),
    allow("refund", "refund_loss", "bank"),
]
DISPUTE = [
    allow("dispute_held", "coins", "coins_held", "fan"),
    allow("dispute_taken", "disputes_held", "clearing:"),
    allow("dispute_fee", "processor_fees", "clearing:"),
    allow("dispute_fee", "clearing:", "processor_fees"),
    allow("dispute_won", "coins_held", "coins", "fan"),
    allow("dispute_won", "clearing:", "disputes_held"),
    allow("dispute_lost", "coins_held", "coins_clawed_back", "fan"),
    allow("dispute_lost", "unearned", "disputes_held"),
    allow("dispute_lost", "tax:", "disputes_held"),
    allow("dispute_lost", "dispute_loss", "disputes_held"),
]
BONUS = [
    allow("bonus_granted", "bonus_issued", "bonus_coins", "fan"),
    allow("bonus_expired", "bonus_coins", "bonus_expired", "fan"),
    allow("bonus_void", "bonus_coins", "bonus_voided", "fan"),
    allow("bonus_restored", "bonus_voided", "bonus_coins", "fan"),
]
RULES = [
    *BONUS,
    *REFUND,
    *BY_HAND,
    *reversing(REFUND, of="refund_hold", by="refund_return"),
    *reversing(REFUND, of="refund", by="refund_return"),
    *DISPUTE,
    allow("purchase", "coins_issued", "coins", "fan"),
    allow("purchase", "clearing:", "unearned"),
    allow("purchase", "clearing:", "tax:"),
    allow("recognition", "unearned", "gift_revenue"),
    allow("recognition", "gift_revenue", "unearned"),
]

# What one refund `r` moves: its coins to their hold, then all of it out.
_REFUND_LEGS = (
    "SELECT v.* FROM wallet_purchase p CROSS JOIN LATERAL (SELECT"
    "   CASE WHEN r.by_hand <> '' THEN 'bank' ELSE 'clearing:' || p.provider END AS giver) g"
    " CROSS JOIN LATERAL (VALUES"
    "   (true, 'COIN', 'coins', p.user_id, 'coins_held', p.user_id, r.coins::bigint),"
    "   (false, 'COIN', 'coins_held', p.user_id, 'coins_refunded', NULL, r.coins::bigint),"
    "   (false, r.currency, 'unearned', NULL, g.giver, NULL, r.net_minor),"
    "   (false, r.currency, 'tax:' || p.country_id, NULL, g.giver, NULL,"
    "    r.tax_minor),"
    "   (false, r.currency, 'refund_loss', NULL, g.giver, NULL, r.loss_minor)"
    " ) v(held, unit, from_kind, from_owner, to_kind, to_owner, amount)"
    " WHERE p.id = r.purchase_id"
)

SOURCES = [
    # Each step of bonus coins: granted, expired, void with their order's coins, and back.
    sources.Source(
        4,
        ("bonus_granted", "bonus_expired", "bonus_void", "bonus_restored"),
        "SELECT concat_ws(':', 'bonus', b.public_id, s.number), 'bonus_' || s.kind, 'COIN',"
        " l.from_kind, l.from_owner, l.to_kind, l.to_owner, s.coins::bigint, s.created_at"
        " FROM wallet_bonusstep s JOIN wallet_bonuslot b ON b.id = s.lot_id"
        " CROSS JOIN LATERAL (VALUES"
        "   ('granted', 'bonus_issued', NULL::bigint, 'bonus_coins', b.user_id),"
        "   ('expired', 'bonus_coins', b.user_id, 'bonus_expired', NULL),"
        "   ('void', 'bonus_coins', b.user_id, 'bonus_voided', NULL),"
        "   ('restored', 'bonus_voided', NULL, 'bonus_coins', b.user_id)"
        " ) l(kind, from_kind, from_owner, to_kind, to_owner) WHERE l.kind = s.kind",
        dated=True,
    ),
    # Each captured purchase: its coins to the fan who bought them, its money to unearned and to
    # the country's tax. (What is recognised has no row; `unearned_is_what_was_not_spent` proves
    # its sum.)
    sources.Source(
        6,
        ("purchase",),
        "SELECT 'purchase:' || p.public_id, 'purchase', l.*, p.captured_at"
        " FROM wallet_purchase p CROSS JOIN LATERAL (VALUES"
        "   ('COIN', 'coins_issued', NULL::bigint, 'coins', p.user_id, p.coins::bigint),"
        "   (p.currency, 'clearing:' || p.provider, NULL, 'unearned', NULL, p.net_minor),"
        "   (p.currency, 'clearing:' || p.provider, NULL, 'tax:' || p.country_id, NULL,"
        "    p.tax_minor)"
        " ) l(unit, from_kind, from_owner, to_kind, to_owner, amount)"
        " WHERE p.state = 'paid' AND l.amount <> 0",
        dated=True,
    ),
    # Each refund's coins on hold, and free again where nothing came of it.
    sources.Source(
        7,
        ("refund_hold", "refund_return"),
        "SELECT concat('refund:', r.public_id, s.step), s.kind, l.unit,"  # noqa: S608  # our own words
        "   CASE WHEN s.back THEN l.to_kind ELSE l.from_kind END,"
        "   CASE WHEN s.back THEN l.to_owner ELSE l.from_owner END,"
        "   CASE WHEN s.back THEN l.from_kind ELSE l.to_kind END,"
        "   CASE WHEN s.back THEN l.from_owner ELSE l.to_owner END, l.amount"
        " FROM wallet_refund r CROSS JOIN (VALUES"
        "   (':hold', 'refund_hold', false), (':return', 'refund_return', true),"
        "   (':undo', 'refund_return', true)) s(step, kind, back)"
        f" CROSS JOIN LATERAL ({_REFUND_LEGS}) l"
        " WHERE l.amount <> 0 AND l.held = (s.step <> ':undo') AND (s.kind = 'refund_hold'"
        "   OR r.state IN ('failed', 'rejected')"
        "   AND (s.step = ':return' OR r.done_at IS NOT NULL))",
    ),
    # Each refund whose money left: its coins out of the world, its money out of unearned, tax and
    # what the site bears.
    sources.Source(
        7,
        ("refund",),
        "SELECT 'refund:' || r.public_id, 'refund', l.unit, l.from_kind,"  # noqa: S608  # our own words
        " l.from_owner, l.to_kind,"
        " l.to_owner, l.amount, r.done_at"
        f" FROM wallet_refund r CROSS JOIN LATERAL ({_REFUND_LEGS}) l"
        " WHERE r.done_at IS NOT NULL AND NOT l.held AND l.amount <> 0",
        dated=True,
    ),
    # Each step of a dispute: coins on hold and back, or gone; money taken and back, or lost.
    sources.Source(
        7,
        ("dispute_held", "dispute_taken", "dispute_fee", "dispute_won", "dispute_lost"),
        "SELECT concat_ws(':', 'dispute', d.public_id, s.number), 'dispute_' || s.kind, l.unit,"
        " l.from_kind, l.from_owner, l.to_kind, l.to_owner, l.amount, s.created_at"
        " FROM wallet_disputestep s JOIN wallet_dispute d ON d.id = s.dispute_id"
        " JOIN wallet_purchase p ON p.id = d.purchase_id"
        " CROSS JOIN LATERAL (SELECT 'clearing:' || p.provider AS clearing) c"
        " CROSS JOIN LATERAL (VALUES"
        "   ('held', 'COIN', 'coins', p.user_id, 'coins_held', p.user_id, s.coins::bigint),"
        "   ('taken', d.currency, 'disputes_held', NULL, c.clearing, NULL, s.amount_minor),"
        "   ('fee', d.currency, 'processor_fees', NULL, c.clearing, NULL, s.amount_minor),"
        "   ('fee', d.currency, c.clearing, NULL, 'processor_fees', NULL, -s.amount_minor),"
        "   ('won', 'COIN', 'coins_held', p.user_id, 'coins', p.user_id, s.coins::bigint),"
        "   ('won', d.currency, c.clearing, NULL, 'disputes_held', NULL, s.amount_minor),"
        "   ('lost', 'COIN', 'coins_held', p.user_id, 'coins_clawed_back', NULL, s.coins::bigint),"
        "   ('lost', d.currency, 'unearned', NULL, 'disputes_held', NULL, s.net_minor),"
        "   ('lost', d.currency, 'tax:' || p.country_id, NULL, 'disputes_held', NULL,"
        "    s.tax_minor),"
        "   ('lost', d.currency, 'dispute_loss', NULL, 'disputes_held', NULL, s.loss_minor)"
        " ) l(kind, unit, from_kind, from_owner, to_kind, to_owner, amount)"
        " WHERE l.kind = s.kind AND l.amount > 0",
        dated=True,
    ),
]
FACTS = [
    "SELECT 'purchase:' || p.public_id, wallet_facts(p) FROM wallet_purchase p"
    " WHERE p.state = 'paid'",
    "SELECT 'refund:' || r.public_id, wallet_refund_facts(r) FROM wallet_refund r"
    " WHERE r.done_at IS NOT NULL",
]
HOLDINGS = [
    "SELECT user_id, 'bonus_coins', 'COIN', sum(coins - expired_coins - void_coins)"
    " FROM wallet_bonuslot GROUP BY user_id",
    "SELECT user_id, 'coins', 'COIN', sum(coins) FROM wallet_purchase WHERE state = 'paid'"
    " GROUP BY user_id",
    "SELECT p.user_id, v.kind, 'COIN', v.coins FROM wallet_refund r"
    " JOIN wallet_purchase p ON p.id = r.purchase_id CROSS JOIN LATERAL (VALUES"
    "   ('coins', -r.coins::bigint),"
    "   ('coins_held', CASE WHEN r.state <> 'done' THEN r.coins::bigint END)) v(kind, coins)"
    " WHERE r.state NOT IN ('failed', 'rejected') AND v.coins IS NOT NULL",
    # Coins that disputes hold, and those that were lost with them.
    "SELECT p.user_id, v.kind, 'COIN', v.coins FROM wallet_dispute d"
    " JOIN wallet_purchase p ON p.id = d.purchase_id CROSS JOIN LATERAL (SELECT"
    "   coalesce(sum(s.coins) FILTER (WHERE s.kind = 'held'), 0) AS held,"
    "   coalesce(sum(s.coins) FILTER (WHERE s.kind IN ('won', 'lost')), 0) AS ended,"
    "   coalesce(sum(s.coins) FILTER (WHERE s.kind = 'won'), 0) AS back"
    "   FROM wallet_disputestep s WHERE s.dispute_id = d.id) s"
    " CROSS JOIN LATERAL (VALUES ('coins', s.back - s.held), ('coins_held', s.held - s.ended))"
    "   v(kind, coins)",
]


def facts(purchases: Iterable[int]) -> dict[int, Any]:
    """Return by id what the postings of these purchases are made from."""
    return sources.facts(
        "SELECT p.id, wallet_facts(p) AS facts FROM wallet_purchase p WHERE p.id = ANY (%s)",
        purchases,
    )


def refund_facts(refunds: Iterable[int]) -> dict[int, Any]:
    """Return by id what the postings of these refunds are made from."""
    return sources.facts(
        "SELECT r.id, wallet_refund_facts(r) AS facts FROM wallet_refund r WHERE r.id = ANY (%s)",
        refunds,
    )
