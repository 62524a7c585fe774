"""Everything a creator ever earned, and how much of it is on hold.

Most of it is kept in the cache, so that no page adds up a creator's whole history.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache
from django.db import connection

from accounts.models import User
from foundation.money import Money
from gifts.earnings.sums import midnight
from wallet.prices.diamonds import CreatorsMoney

# What was sent before yesterday can no longer be taken back: its sum is kept, and a day is added to
# it once a day. It is made anew when no page asked for it in a day.
KEPT_SECONDS = 24 * 3600
EVER = datetime(1970, 1, 1, tzinfo=UTC)

# One statement, so that both sums are of one moment.
ALL_TIME = """
SELECT w.name, coalesce(sum(s.diamonds), 0)::bigint,
    coalesce(sum(%(earned)s) FILTER (WHERE w.name <> 'held'), 0)::bigint
FROM (VALUES ('settled'), ('later'), ('held'), ('disputed'), ('of_these')) w(name)
LEFT JOIN LATERAL (
    SELECT diamonds, rate_card_id, created_at FROM gifts_sentgift
    WHERE w.name = 'settled' AND creator_id = %(creator)s AND undone_at IS NULL
        AND created_at >= %(since)s AND created_at < %(settled)s
    UNION ALL
    SELECT diamonds, rate_card_id, created_at FROM gifts_sentgift
    WHERE w.name = 'later' AND creator_id = %(creator)s AND undone_at IS NULL
        AND created_at >= %(settled)s
    UNION ALL
    SELECT diamonds - withheld_diamonds, rate_card_id, NULL FROM gifts_sentgift
    WHERE w.name = 'held' AND creator_id = %(creator)s AND undone_at IS NULL
        AND released_at IS NULL
    UNION ALL  -- gifts of which a dispute froze or took something: all of them, and what is left
    SELECT CASE w.name WHEN 'disputed' THEN diamonds ELSE diamonds - withheld_diamonds END,
        rate_card_id, created_at FROM gifts_sentgift
    WHERE w.name IN ('disputed', 'of_these') AND creator_id = %(creator)s
        AND withheld_diamonds > 0
) s ON true LEFT JOIN wallet_ratecard c ON c.id = s.rate_card_id
GROUP BY w.name
"""


@dataclass(frozen=True)
class Totals:
    """All diamonds, which are on hold or were released, and what their gifts earned.

    `withheld` are those that disputes froze or took back: they are not among the others.
    """

    diamonds: int
    held: int
    withheld: int
    earned: Money

    @property
    def released(self) -> int:
        """The diamonds that are no longer on hold."""
        return self.diamonds - self.held


def all_time(creator: User, reader: CreatorsMoney) -> Totals:
    """Return a creator's totals; reads two days and what is on hold, the rest is cached."""
    name = f"earned:{creator.pk}:{reader.currency}"
    diamonds, earned, since = cache.get(name) or (0, 0, EVER)
    settled = midnight(1)
    sums = _sums(creator, reader, since=since, settled=settled)
    if since != settled:
        diamonds, earned = diamonds + sums["settled"][0], earned + sums["settled"][1]
        cache.set(name, (diamonds, earned, settled), KEPT_SECONDS)
    later, held = sums["later"], sums["held"]
    # Not kept, because a dispute may come and go months later.
    withheld, lost = (sums["disputed"][n] - sums["of_these"][n] for n in (0, 1))
    return Totals(
        diamonds + later[0] - withheld,
        held[0],
        withheld,
        reader.money(earned + later[1] - lost),
    )


def _sums(
    creator: User, reader: CreatorsMoney, *, since: datetime, settled: datetime
) -> dict[str, tuple[int, int]]:
    """Return diamonds and earnings, the latter in hundredths of a minor unit."""
    formula, values = reader.earned_sql(since)
    named: dict[str, Any] = {f"rate_{at}": value for at, value in enumerate(values)}
    formula = formula.replace("%s", "{}").format(*(f"%({name})s" for name in named))
    with connection.cursor() as cursor:
        cursor.execute(
            ALL_TIME.replace("%(earned)s", formula),
            {**named, "creator": creator.pk, "since": since, "settled": settled},
        )
        return {name: (int(diamonds), int(earned)) for name, diamonds, earned in cursor}
