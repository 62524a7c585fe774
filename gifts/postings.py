"""What gifts post: the rules, the rows that the postings book, and what people hold by them.

Sending and undoing have checks of their own (`gifts/checks.py`): there are too many to look each up
in a table of what must be.
"""

from ledger.rules import allow, reversing
from ledger.sources import Source

GIFT = [
    allow("gift", "coins", "coins_spent", "fan"),
    allow("gift", "bonus_coins", "coins_spent", "fan"),
    allow("gift", "diamonds_issued", "diamonds_held", "creator"),
]
BONUS_COST = [allow("bonus_cost", "bonus_cost", "creator_cost")]
RULES = [
    *GIFT,
    *BONUS_COST,
    *reversing(BONUS_COST, of="bonus_cost", by="bonus_cost_back"),
    *reversing(GIFT, of="gift", by="undo"),
    allow("release", "diamonds_held", "diamonds", "creator"),
    allow("freeze", "diamonds_held", "diamonds_frozen", "creator"),
    allow("unfreeze", "diamonds_frozen", "diamonds_held", "creator"),
    allow("clawback", "diamonds_frozen", "diamonds_reversed", "creator"),
    allow("clawback", "diamonds_owed", "diamonds_reversed", "creator"),
    allow("clawback", "coins_spent", "coins_clawed_back"),
]

SOURCES = [
    # The gifts of one creator that were released at one moment; the key names the first of them.
    Source(
        8,
        ("release",),
        "SELECT coalesce(p.key, concat_ws(':', 'release', r.creator_id, '?', r.first)), 'release',"
        " 'DIAMOND', 'diamonds_held', r.creator_id, 'diamonds', r.creator_id, r.diamonds,"
        " r.released_at FROM (SELECT creator_id, released_at,"
        "     sum(diamonds - withheld_diamonds)::bigint AS diamonds, min(id) AS first"
        "   FROM gifts_sentgift WHERE released_at IS NOT NULL"
        "   GROUP BY creator_id, released_at) r"
        # The pattern alone would compare all who are released together with each other: they
        # share the moment. The creator's part of the key is equal, which is quickly found.
        " LEFT JOIN ledger_posting p ON p.kind = 'release' AND p.created_at = r.released_at"
        "   AND split_part(p.key, ':', 2) = r.creator_id::text"
        "   AND p.key LIKE concat_ws(':', 'release', r.creator_id, '%%', r.first)",
        dated=True,
    ),
    # What of a conversion bonus coins brought: from the creators' cost to the site's own, and back.
    Source(
        12,
        ("bonus_cost", "bonus_cost_back"),
        "SELECT concat('bonus_cost:', x.conversion, l.step), l.kind, x.currency, l.giver,"
        " NULL::bigint, l.taker, NULL::bigint, x.amount_minor, l.moment FROM gifts_bonuscost x"
        " CROSS JOIN LATERAL (VALUES"
        "   (true, '', 'bonus_cost', 'bonus_cost', 'creator_cost', x.created_at),"
        "   (x.reversed_at IS NOT NULL, ':back', 'bonus_cost_back', 'creator_cost', 'bonus_cost',"
        "    x.reversed_at)) l(due, step, kind, giver, taker, moment) WHERE l.due",
        dated=True,
    ),
    # What a payment that goes back does to a creator's gifts: once at its opening, once at its end.
    Source(
        7,
        ("freeze", "unfreeze", "clawback"),
        "SELECT concat_ws(':', l.kind, coalesce(d.public_id, r.public_id), c.creator_id), l.kind,"
        " l.unit, l.from_kind, l.from_owner, l.to_kind, l.to_owner, l.amount, l.moment"
        " FROM gifts_clawback c LEFT JOIN wallet_dispute d ON d.id = c.dispute_id"
        " LEFT JOIN wallet_refund r ON r.id = c.refund_id"
        " CROSS JOIN LATERAL (VALUES"
        "   (true, 'freeze', 'DIAMOND', 'diamonds_held', c.creator_id, 'diamonds_frozen',"
        "    c.creator_id, c.held_diamonds, c.created_at),"
        "   (c.state = 'returned', 'unfreeze', 'DIAMOND', 'diamonds_frozen', c.creator_id,"
        "    'diamonds_held', c.creator_id, c.held_diamonds, c.decided_at),"
        "   (c.state = 'taken', 'clawback', 'DIAMOND', 'diamonds_frozen', c.creator_id,"
        "    'diamonds_reversed', NULL, c.held_diamonds, c.decided_at),"
        "   (c.state = 'taken', 'clawback', 'DIAMOND', 'diamonds_owed', c.creator_id,"
        "    'diamonds_reversed', NULL, c.owed_diamonds, c.decided_at),"
        "   (c.state = 'taken', 'clawback', 'COIN', 'coins_spent', NULL, 'coins_clawed_back', NULL,"
        "    c.held_coins + CASE WHEN c.owed_diamonds > 0 THEN c.released_coins ELSE 0 END,"
        "    c.decided_at)"
        " ) l(due, kind, unit, from_kind, from_owner, to_kind, to_owner, amount, moment)"
        " WHERE l.due AND l.amount > 0",
        dated=True,
    ),
]
HOLDINGS = [
    "SELECT coalesce(s.fan_id, s.creator_id), h.* FROM ("
    "   SELECT fan_id, creator_id, sum(coins - bonus_coins) AS coins, sum(bonus_coins) AS bonus,"
    "     sum(diamonds - withheld_diamonds) FILTER (WHERE released_at IS NULL) AS held,"
    "     sum(diamonds - withheld_diamonds) FILTER (WHERE released_at IS NOT NULL) AS released"
    "   FROM gifts_sentgift WHERE undone_at IS NULL"
    "   GROUP BY GROUPING SETS ((fan_id), (creator_id))) s"
    " CROSS JOIN LATERAL (VALUES"
    "   ('coins', 'COIN', CASE WHEN s.fan_id IS NOT NULL THEN -s.coins END),"
    "   ('bonus_coins', 'COIN', CASE WHEN s.fan_id IS NOT NULL THEN -s.bonus END),"
    "   ('diamonds_held', 'DIAMOND', CASE WHEN s.creator_id IS NOT NULL THEN s.held END),"
    "   ('diamonds', 'DIAMOND', CASE WHEN s.creator_id IS NOT NULL THEN s.released END)"
    " ) h(kind, unit, amount) WHERE h.amount IS NOT NULL",
    "SELECT creator_id, v.kind, 'DIAMOND', v.diamonds FROM gifts_clawback"
    " CROSS JOIN LATERAL (VALUES"
    "   ('diamonds_frozen', CASE WHEN state = 'frozen' THEN held_diamonds END),"
    "   ('diamonds_owed', -owed_diamonds)) v(kind, diamonds) WHERE v.diamonds IS NOT NULL",
]
