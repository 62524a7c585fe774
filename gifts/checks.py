"""The ledger checks of sending: each sent gift against its price, rate card and postings."""

from collections.abc import Iterable

from ledger.checks import Breach, Check, found, found_at_once


def gifts_cost_their_price() -> Iterable[Breach]:
    """8: coins = price version x quantity, diamonds = coins at the rate card it was sent under."""
    yield from found(
        8,
        "A gift's coins or diamonds differ from its price and rate card.",
        "SELECT s.id, s.public_id, s.coins, s.quantity, s.diamonds, p.coins AS price,"
        " c.diamonds_per_coin"
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
    """An undone gift has its reversal; no other gift was reversed as an undo."""
    yield from found(
        9,
        "A gift's state and its reversal do not agree.",
        "SELECT s.id, s.public_id, s.undone_at, r.key FROM gifts_sentgift s LEFT JOIN ("
        "   SELECT reverses_id, key FROM ledger_posting"
        "   WHERE reverses_id IS NOT NULL AND kind = 'undo') r ON r.reverses_id = s.posting_id"
        " WHERE (s.undone_at IS NULL) <> (r.key IS NULL) ORDER BY s.id",
    )


def released_equals_postings() -> Iterable[Breach]:
    """The gifts marked as released add up to what the release postings moved, per creator."""
    yield from found(
        8,
        "A creator's released gifts differ from the release postings.",
        "SELECT coalesce(g.creator_id, m.creator_id) AS creator_id, g.diamonds AS gifts,"
        " m.diamonds AS moved"
        " FROM (SELECT creator_id, sum(diamonds)::bigint AS diamonds FROM gifts_sentgift"
        "       WHERE released_at IS NOT NULL GROUP BY creator_id) g"
        " FULL JOIN (SELECT a.owner_id AS creator_id, sum(t.amount)::bigint AS diamonds"
        "       FROM ledger_posting p JOIN ledger_transfer t ON t.posting_id = p.id"
        "       JOIN ledger_account a ON a.id = t.from_account_id AND a.kind = 'diamonds_held'"
        "       WHERE p.kind = 'release' GROUP BY a.owner_id) m USING (creator_id)"
        " WHERE g.diamonds IS DISTINCT FROM m.diamonds ORDER BY 1",
    )


CHECKS: list[Check] = [
    gifts_cost_their_price,
    gifts_have_their_posting,
    postings_moved_what_the_gift_says,
    undone_gifts_are_reversed,
    released_equals_postings,
]
