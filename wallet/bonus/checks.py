"""What bonus coins, promises and codes must say, as the ledger check asks."""

from collections.abc import Iterable

from ledger.checks import Breach, found


def bonuses_say_what_their_steps_did() -> Iterable[Breach]:
    """4: a bonus begins with its grant, and what expired or is void is that of its steps."""
    yield from found(
        4,
        "A bonus differs from its steps.",
        "SELECT b.id, b.public_id, b.coins, b.expired_coins, b.void_coins, s.lot_id"
        " FROM wallet_bonuslot b CROSS JOIN LATERAL (SELECT max(s.lot_id) AS lot_id,"
        "   count(*) AS steps, max(s.number) AS newest,"
        "   coalesce(sum(s.coins) FILTER (WHERE s.kind = 'granted'), 0) AS granted,"
        "   coalesce(sum(s.coins) FILTER (WHERE s.kind = 'expired'), 0) AS expired,"
        "   coalesce(sum(CASE s.kind WHEN 'void' THEN s.coins WHEN 'restored' THEN -s.coins END),"
        "     0) AS void,"
        "   min(s.created_at) FILTER (WHERE s.kind = 'expired') AS ended"
        "   FROM wallet_bonusstep s WHERE s.lot_id = b.id) s"
        " WHERE (b.coins = s.granted AND b.expired_coins = s.expired AND b.void_coins = s.void"
        "   AND s.steps = s.newest"
        "   AND (s.ended IS NULL OR s.ended >= b.expires_at)) IS NOT TRUE ORDER BY b.id",
    )


def bonuses_have_their_cause() -> Iterable[Breach]:
    """4: a bonus is what its order was promised or its code is worth, and as void as its order."""
    yield from found(
        4,
        "A bonus differs from the order or the code that it came with.",
        "SELECT b.id, b.public_id, b.coins, b.void_coins, b.user_id, b.purchase_id,"
        " b.redemption_id FROM wallet_bonuslot b"
        " LEFT JOIN wallet_purchase p ON p.id = b.purchase_id"
        " LEFT JOIN wallet_purchasebonus w ON w.purchase_id = p.id AND w.granted_at IS NOT NULL"
        " LEFT JOIN wallet_redemption r ON r.id = b.redemption_id"
        " LEFT JOIN wallet_code c ON c.id = r.code_id"
        " LEFT JOIN wallet_codebatch k ON k.id = c.batch_id"
        " WHERE CASE WHEN b.purchase_id IS NOT NULL THEN (b.coins = w.coins"
        "     AND b.user_id = p.user_id AND p.state = 'paid' AND b.void_coins <= div("
        "       b.coins::numeric * (p.held_coins + p.returned_coins), p.coins))"
        "   ELSE (b.coins = r.coins AND b.user_id = r.user_id AND k.kind = 'bonus'"
        "     AND b.void_coins = 0) END IS NOT TRUE ORDER BY b.id",
    )


def promises_were_kept() -> Iterable[Breach]:
    """4: a promise that was kept has its bonus; a promotion granted what its promises say."""
    yield from found(
        4,
        "A promised bonus differs from its order, its promotion or what was granted.",
        "SELECT w.id, w.purchase_id, w.promotion_id, w.user_id, w.coins, w.days"
        " FROM wallet_purchasebonus w LEFT JOIN wallet_purchase p ON p.id = w.purchase_id"
        " LEFT JOIN wallet_promotion m ON m.id = w.promotion_id"
        " LEFT JOIN wallet_bonuslot b ON b.purchase_id = w.purchase_id"
        " WHERE (w.user_id = p.user_id AND w.first_purchase = m.first_purchase"
        "   AND w.days = m.bonus_days"
        "   AND w.coins = coalesce(m.coins, div(p.coins * m.percent, 100))"
        "   AND (w.granted_at IS NOT NULL) = (b.id IS NOT NULL)"
        "   AND (w.granted_at IS NULL OR p.state = 'paid')) IS NOT TRUE ORDER BY w.id",
    )
    yield from found(
        4,
        "A promotion granted other bonus coins than its promises say.",
        "SELECT m.id, m.name, m.granted_coins, g.coins AS promised FROM wallet_promotion m"
        " CROSS JOIN LATERAL (SELECT coalesce(sum(w.coins), 0) AS coins"
        "   FROM wallet_purchasebonus w"
        "   WHERE w.promotion_id = m.id AND w.granted_at IS NOT NULL) g"
        " WHERE m.granted_coins <> g.coins ORDER BY m.id",
    )


def codes_were_used_as_they_say() -> Iterable[Breach]:
    """4: a code was used as often as it was redeemed, and each time brought what it is worth."""
    yield from found(
        4,
        "A code was used more or less often than it was redeemed.",
        "SELECT c.id, c.batch_id, c.number, c.used, c.most_uses, c.digest, g.times AS redeemed"
        " FROM wallet_code c LEFT JOIN wallet_codebatch k ON k.id = c.batch_id CROSS JOIN LATERAL ("
        "   SELECT count(*) AS times FROM wallet_redemption r WHERE r.code_id = c.id) g"
        " WHERE (c.used = g.times AND c.most_uses = k.uses AND c.number <= k.count"
        "   AND k.state IN ('made', 'blocked')) IS NOT TRUE ORDER BY c.id",
    )
    yield from found(
        4,
        "A batch has more or fewer codes than were made.",
        "SELECT k.id, k.public_id, k.count, g.codes FROM wallet_codebatch k CROSS JOIN LATERAL ("
        "   SELECT count(*) AS codes FROM wallet_code c WHERE c.batch_id = k.id) g"
        " WHERE g.codes <> CASE WHEN k.made_at IS NULL THEN 0 ELSE k.count END ORDER BY k.id",
    )
    yield from found(
        4,
        "A redemption differs from its code or from what came of it.",
        "SELECT r.id, r.public_id, r.key, r.code_id, r.user_id, r.coins, r.purchase_id,"
        " p.public_id AS order, k.public_id AS batch"
        " FROM wallet_redemption r LEFT JOIN wallet_code c ON c.id = r.code_id"
        " LEFT JOIN wallet_codebatch k ON k.id = c.batch_id"
        " LEFT JOIN wallet_purchase p ON p.id = r.purchase_id"
        " LEFT JOIN wallet_bonuslot b ON b.redemption_id = r.id"
        " WHERE (r.coins = k.coins AND CASE k.kind WHEN 'bonus' THEN p.id IS NULL"
        "     AND b.user_id = r.user_id AND b.coins = r.coins"
        "   ELSE b.id IS NULL AND p.state = 'paid' AND p.user_id = r.user_id"
        "     AND p.key = r.key AND p.coins = r.coins AND p.provider = 'prepaid'"
        "     AND p.provider_reference = concat_ws(':', k.public_id, c.number)"
        "     AND p.total_minor = k.price_minor AND p.currency = k.currency"
        "     AND p.region_id = k.region_id END) IS NOT TRUE ORDER BY r.id",
    )
    yield from found(
        4,
        "An order that a prepaid card paid has no redemption.",
        "SELECT p.id, p.public_id FROM wallet_purchase p WHERE p.provider = 'prepaid'"
        " AND NOT EXISTS (SELECT FROM wallet_redemption r WHERE r.purchase_id = p.id)"
        " ORDER BY p.id",
    )


CHECKS = [
    bonuses_say_what_their_steps_did,
    bonuses_have_their_cause,
    promises_were_kept,
    codes_were_used_as_they_say,
]
