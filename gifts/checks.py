"""The ledger checks of sending: each sent gift against its price, rate card and postings."""

from collections.abc import Iterable

from ledger.checks import Breach, Check, found, found_at_once


def gifts_cost_their_price() -> Iterable[Breach]:
    """8: coins = price version x quantity, diamonds = coins at the rate card it was sent under."""
    yield from found(
        8,
        "A gift's coins or diamonds differ from its price and rate card.",
        "SELECT s.id, s.public_id, s.coins, s.quantity, s.diamonds, s.price_id, p.coins AS price,"
        " s.rate_card_id, c.diamonds_per_coin"
        " FROM gifts_sentgift s"
        " LEFT JOIN gifts_giftprice p ON p.id = s.price_id AND p.gift_id = s.gift_id"
        " LEFT JOIN wallet_ratecard c ON c.id = s.rate_card_id"
        " WHERE s.coins IS DISTINCT FROM p.coins::bigint * s.quantity"
        " OR s.diamonds IS DISTINCT FROM s.coins::bigint * c.diamonds_per_coin"
        " OR s.bonus_coins > s.coins ORDER BY s.id",
    )


def gifts_have_their_posting() -> Iterable[Breach]:
    """Each sent gift has exactly its posting, and the other way round."""
    yield from found_at_once(
        8,
        {
            "gift": "A sent gift has no posting of its key.",
            "posting": "A gift's posting belongs to no sent gift.",
        },
        "SELECT CASE WHEN s.id IS NULL THEN 'posting' ELSE 'gift' END AS what,"
        " s.id, s.public_id, p.id AS posting_id, p.key"
        " FROM gifts_sentgift s"
        " FULL JOIN (SELECT id, key FROM ledger_posting WHERE kind = 'gift') p"
        "   ON p.id = s.posting_id"
        " WHERE s.id IS NULL OR p.id IS NULL OR p.key <> 'gift:' || s.public_id ORDER BY s.id",
    )


def postings_moved_what_the_gift_says() -> Iterable[Breach]:
    """A gift's posting moved its fan's coins and its creator's diamonds, and nothing else.

    That is: each transfer is one of those that the gift asks for, and each of these is there once.
    """
    sentence = "A gift's posting moved other amounts, or other people's, than the gift says."
    yield from found(
        8,
        sentence,
        "SELECT s.id, s.public_id, s.coins, s.bonus_coins, s.diamonds, t.unit, t.amount,"
        " t.from_account_id, t.to_account_id"
        " FROM gifts_sentgift s JOIN ledger_transfer t ON t.posting_id = s.posting_id"
        " LEFT JOIN ledger_account f ON f.id = t.from_account_id"
        " LEFT JOIN ledger_account g ON g.id = t.to_account_id"
        " WHERE (CASE t.unit"
        "   WHEN 'COIN' THEN g.kind = 'coins_spent' AND f.owner_id = s.fan_id AND t.amount = CASE"
        "     f.kind WHEN 'bonus_coins' THEN s.bonus_coins ELSE s.coins - s.bonus_coins END"
        "   WHEN 'DIAMOND' THEN g.kind = 'diamonds_held' AND g.owner_id = s.creator_id"
        "     AND t.amount = s.diamonds END) IS NOT TRUE ORDER BY s.id",
    )
    yield from found(
        8,
        sentence,
        "SELECT s.id, s.public_id, s.coins, s.bonus_coins, s.diamonds, t.senders, t.of_diamonds,"
        " t.transfers"
        " FROM gifts_sentgift s LEFT JOIN (SELECT posting_id, count(*) AS transfers,"
        "     count(*) FILTER (WHERE unit = 'DIAMOND') AS of_diamonds,"
        "     CASE WHEN min(from_account_id) FILTER (WHERE unit = 'COIN')"
        "       < max(from_account_id) FILTER (WHERE unit = 'COIN') THEN 2 ELSE 1 END AS senders"
        "   FROM ledger_transfer GROUP BY posting_id) t ON t.posting_id = s.posting_id"
        " WHERE (t.of_diamonds, t.transfers, t.senders) IS DISTINCT FROM (1::bigint,"
        "   CASE WHEN s.bonus_coins > 0 AND s.coins > s.bonus_coins THEN 3::bigint ELSE 2 END,"
        "   CASE WHEN s.bonus_coins > 0 AND s.coins > s.bonus_coins THEN 2 ELSE 1 END)"
        " ORDER BY s.id",
    )


def undone_gifts_are_reversed() -> Iterable[Breach]:
    """An undone gift has its reversal, of that moment; no other gift was reversed as an undo."""
    yield from found(
        9,
        "A gift's state and its reversal do not agree.",
        # From both sides, each by an index: a join of all gifts with all reversals is planned as if
        # there were few of them, and compares each with each.
        "SELECT s.id, s.public_id, s.undone_at, r.key FROM gifts_sentgift s"
        " LEFT JOIN ledger_posting r ON r.reverses_id = s.posting_id AND r.kind = 'undo'"
        " WHERE s.undone_at IS NOT NULL AND (s.undone_at IS DISTINCT FROM r.created_at"
        "   OR r.key <> 'undo:' || s.public_id)"
        " UNION SELECT s.id, s.public_id, s.undone_at, r.key FROM ledger_posting r"
        " JOIN gifts_sentgift s ON s.posting_id = r.reverses_id"
        " WHERE r.reverses_id IS NOT NULL AND r.kind = 'undo' AND s.undone_at IS NULL ORDER BY 1",
    )


def keys_remember_their_gift() -> Iterable[Breach]:
    """8: a gift says what its key was made from, while the key is kept."""
    yield from found(
        8,
        "A gift differs from what its key was made from.",
        "SELECT s.id, s.public_id FROM gifts_sentgift s"
        " JOIN ledger_key k ON k.key = 'gift:' || s.public_id"
        " WHERE k.input_hash <> gifts_digest(s) ORDER BY s.id",
    )


def disputed_gifts_say_what_was_withheld() -> Iterable[Breach]:
    """7: a gift withholds what disputes and refunds froze or took of it, and waits while one is
    open; each one's sums are those of its gifts.
    """
    yield from found(
        7,
        "A gift withholds something else than its disputes say.",
        "SELECT s.id, s.public_id, s.frozen, s.withheld_diamonds, c.diamonds FROM gifts_sentgift s"
        " FULL JOIN (SELECT g.gift_id, bool_or(c.state = 'frozen') AS frozen,"
        "     sum(g.diamonds) FILTER (WHERE c.state <> 'returned') AS diamonds"
        "   FROM gifts_clawbackgift g JOIN gifts_clawback c ON c.id = g.clawback_id"
        "   WHERE NOT g.released GROUP BY g.gift_id) c ON c.gift_id = s.id"
        " WHERE (s.frozen OR s.withheld_diamonds > 0 OR c.gift_id IS NOT NULL)"
        "   AND (s.frozen, s.withheld_diamonds::bigint) IS DISTINCT FROM"
        "     (coalesce(c.frozen, false), coalesce(c.diamonds, 0)::bigint) ORDER BY s.id",
    )
    yield from found(
        7,
        "A clawback differs from its gifts, or from what it follows.",
        "SELECT c.id, c.dispute_id, c.refund_id, c.creator_id, c.state, d.state AS dispute,"
        " r.state AS refund FROM gifts_clawback c"
        " LEFT JOIN wallet_dispute d ON d.id = c.dispute_id"
        " LEFT JOIN wallet_refund r ON r.id = c.refund_id"
        " LEFT JOIN wallet_purchase p ON p.id = coalesce(d.purchase_id, r.purchase_id)"
        " LEFT JOIN (SELECT g.clawback_id,"
        "     coalesce(sum(g.coins) FILTER (WHERE NOT g.released), 0) AS held_coins,"
        "     coalesce(sum(g.diamonds) FILTER (WHERE NOT g.released), 0) AS held,"
        "     coalesce(sum(g.coins) FILTER (WHERE g.released), 0) AS released_coins,"
        "     coalesce(sum(g.diamonds) FILTER (WHERE g.released), 0) AS released,"
        "     min(s.creator_id) AS least, max(s.creator_id) AS most,"
        "     min(s.fan_id) AS fan, max(s.fan_id) AS fans,"
        "     bool_and(g.diamonds = g.coins::bigint * (s.diamonds / s.coins)"
        "       AND g.coins <= s.coins - s.bonus_coins) AS fits"
        "   FROM gifts_clawbackgift g LEFT JOIN gifts_sentgift s ON s.id = g.gift_id"
        "   GROUP BY g.clawback_id) g ON g.clawback_id = c.id"
        " WHERE ((c.held_coins, c.held_diamonds, c.released_coins, c.released_diamonds)"
        "     = (g.held_coins, g.held, g.released_coins, g.released)"
        "   AND g.fits AND (g.least, g.most) = (c.creator_id, c.creator_id)"
        "   AND (g.fan, g.fans) = (p.user_id, p.user_id)"
        "   AND (c.owed_diamonds > 0) = (c.state = 'taken'"
        "     AND coalesce(d.bearer, r.bearer) = 'creator' AND c.released_diamonds > 0)"
        # A worker may still be on its way to what the bank or the payment service decided.
        "   AND (c.state = 'frozen' OR c.state = CASE WHEN d.state = 'won' THEN 'returned'"
        "     WHEN d.state = 'lost' OR r.done_at IS NOT NULL THEN 'taken'"
        "     WHEN r.state IN ('failed', 'rejected') THEN 'returned' END)) IS NOT TRUE"
        " ORDER BY c.id",
    )


def bonus_cost_is_a_part_of_its_conversion() -> Iterable[Breach]:
    """12: what bonus coins cost is their part of a conversion, and of no more than was released."""
    yield from found(
        12,
        "A cost of bonus coins differs from its conversion.",
        "SELECT x.id, x.conversion, x.creator_id, x.diamonds, x.currency, x.amount_minor"
        " FROM gifts_bonuscost x LEFT JOIN ledger_posting p ON p.key = x.conversion"
        " LEFT JOIN ledger_transfer t ON t.posting_id = p.id AND t.unit = 'DIAMOND'"
        "   AND t.to_account_id IN (SELECT id FROM ledger_account"
        "     WHERE kind = 'diamonds_converted')"
        " LEFT JOIN ledger_account a ON a.id = t.from_account_id"
        " LEFT JOIN ledger_transfer m ON m.posting_id = p.id AND m.unit = x.currency"
        " WHERE (x.creator_id = a.owner_id AND x.diamonds <= t.amount"
        "   AND x.amount_minor = div(m.amount::numeric * x.diamonds, t.amount)) IS NOT TRUE"
        " ORDER BY x.id",
    )
    yield from found(
        12,
        "More was booked as the cost of bonus coins than gifts of bonus coins brought.",
        "SELECT x.creator_id, min(x.id) AS id, sum(x.diamonds)::bigint AS booked, g.diamonds"
        " FROM gifts_bonuscost x CROSS JOIN LATERAL ("
        "   SELECT coalesce(sum(s.bonus_coins * (s.diamonds / s.coins)), 0)::bigint AS diamonds"
        "   FROM gifts_sentgift s WHERE s.creator_id = x.creator_id AND s.bonus_coins > 0"
        "     AND s.released_at IS NOT NULL) g"
        " WHERE x.reversed_at IS NULL GROUP BY x.creator_id, g.diamonds"
        " HAVING sum(x.diamonds) > g.diamonds ORDER BY x.creator_id",
    )


CHECKS: list[Check] = [
    bonus_cost_is_a_part_of_its_conversion,
    gifts_cost_their_price,
    gifts_have_their_posting,
    postings_moved_what_the_gift_says,
    undone_gifts_are_reversed,
    keys_remember_their_gift,
    disputed_gifts_say_what_was_withheld,
]
