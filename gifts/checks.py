"""What sending must prove: each sent gift against its price, its rate card and its postings."""

from collections.abc import Iterable

from wallet.ledger.checks import Breach, Check, found


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
    yield from found(
        8,
        "A sent gift has no posting of its key.",
        "SELECT s.id, s.public_id FROM gifts_sentgift s"
        " LEFT JOIN ledger_posting p ON p.id = s.posting_id AND p.key = 'gift:' || s.public_id"
        " WHERE p.id IS NULL ORDER BY s.id",
    )
    yield from found(
        8,
        "A gift's posting belongs to no sent gift.",
        "SELECT p.id, p.key FROM ledger_posting p LEFT JOIN gifts_sentgift s ON s.posting_id = p.id"
        " WHERE p.kind = 'gift' AND s.id IS NULL ORDER BY p.id",
    )


def postings_moved_what_the_gift_says() -> Iterable[Breach]:
    """A gift's posting moved its fan's coins and its creator's diamonds, and nothing else."""
    yield from found(
        8,
        "A gift's posting moved other amounts, or other people's, than the gift says.",
        "SELECT s.id, s.public_id, s.coins, s.diamonds, m.coins AS moved_coins,"
        " m.diamonds AS moved_diamonds"
        " FROM gifts_sentgift s LEFT JOIN LATERAL ("
        "   SELECT sum(t.amount) FILTER (WHERE t.unit = 'COIN' AND f.owner_id = s.fan_id"
        "            AND g.kind = 'coins_spent') AS coins,"
        "          sum(t.amount) FILTER (WHERE f.kind = 'bonus_coins') AS bonus,"
        "          sum(t.amount) FILTER (WHERE t.unit = 'DIAMOND' AND g.owner_id = s.creator_id"
        "            AND g.kind = 'diamonds_held') AS diamonds,"
        "          sum(t.amount) AS everything"
        "   FROM ledger_transfer t JOIN ledger_account f ON f.id = t.from_account_id"
        "   JOIN ledger_account g ON g.id = t.to_account_id"
        "   WHERE t.posting_id = s.posting_id) m ON true"
        " WHERE m.coins IS DISTINCT FROM s.coins::numeric"
        " OR m.diamonds IS DISTINCT FROM s.diamonds::numeric"
        " OR coalesce(m.bonus, 0) <> s.bonus_coins OR m.everything <> s.coins::bigint + s.diamonds"
        " ORDER BY s.id",
    )


def undone_gifts_are_reversed() -> Iterable[Breach]:
    """A gift that was taken back has its reversal; no other gift was reversed as an undo."""
    yield from found(
        9,
        "A gift's state and its reversal do not agree.",
        "SELECT s.id, s.public_id, s.undone_at, r.key FROM gifts_sentgift s"
        " LEFT JOIN ledger_posting r ON r.reverses_id = s.posting_id AND r.kind = 'undo'"
        " WHERE (s.undone_at IS NULL) <> (r.id IS NULL) ORDER BY s.id",
    )


def released_equals_postings() -> Iterable[Breach]:
    """What is marked as released is what the release postings moved, per creator."""
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
