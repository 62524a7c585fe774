"""Everything a creator ever earned, and how much of it is on hold.

Most of it is kept in the cache, so that no page adds up a creator's whole history.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.cache import cache
from django.db import connection
from djmoney.money import Money

from accounts.models import User
from gifts.earnings.sums import midnight, usd

# What was sent before yesterday can no longer be taken back: its sum is kept, and a day is added to
# it once a day. It is made anew when no page asked for it in a day.
KEPT_SECONDS = 24 * 3600
EVER = datetime(1970, 1, 1, tzinfo=UTC)

# One statement, so that both sums are of one moment.
ALL_TIME = """
SELECT w.name, coalesce(sum(s.diamonds), 0)::bigint,
    coalesce(sum(s.diamonds::bigint * c.diamond_payout_micro_usd), 0)::bigint
FROM (VALUES ('settled'), ('later'), ('held')) w(name) LEFT JOIN LATERAL (
    SELECT diamonds, rate_card_id FROM gifts_sentgift
    WHERE w.name = 'settled' AND creator_id = %(creator)s AND undone_at IS NULL
        AND created_at >= %(since)s AND created_at < %(settled)s
    UNION ALL
    SELECT diamonds, rate_card_id FROM gifts_sentgift
    WHERE w.name = 'later' AND creator_id = %(creator)s AND undone_at IS NULL
        AND created_at >= %(settled)s
    UNION ALL
    SELECT diamonds, rate_card_id FROM gifts_sentgift
    WHERE w.name = 'held' AND creator_id = %(creator)s AND undone_at IS NULL
        AND released_at IS NULL
) s ON true LEFT JOIN wallet_ratecard c ON c.id = s.rate_card_id
GROUP BY w.name
"""


@dataclass(frozen=True)
class Earned:
    """Diamonds, and what they pay at the rate cards that they were sent under."""

    diamonds: int = 0
    micro: int = 0

    @property
    def usd(self) -> Money:
        """Their payout, exactly."""
        return usd(self.micro)

    def __add__(self, other: "Earned") -> "Earned":
        return Earned(self.diamonds + other.diamonds, self.micro + other.micro)

    def __sub__(self, other: "Earned") -> "Earned":
        return Earned(self.diamonds - other.diamonds, self.micro - other.micro)


@dataclass(frozen=True)
class Totals:
    """The total, which is what is on hold and what was released."""

    total: Earned
    held: Earned

    @property
    def released(self) -> Earned:
        """The part that is no longer on hold."""
        return self.total - self.held


def all_time(creator: User) -> Totals:
    """Return a creator's totals; reads two days and what is on hold, the rest is cached."""
    diamonds, micro, since = cache.get(_name(creator)) or (0, 0, EVER)
    kept, settled = Earned(diamonds, micro), midnight(1)
    with connection.cursor() as cursor:
        cursor.execute(ALL_TIME, {"creator": creator.pk, "since": since, "settled": settled})
        sums = {name: Earned(int(diamonds), int(micro)) for name, diamonds, micro in cursor}
    if since != settled:
        kept += sums["settled"]
        cache.set(_name(creator), (kept.diamonds, kept.micro, settled), KEPT_SECONDS)
    return Totals(kept + sums["later"], sums["held"])


def _name(creator: User) -> str:
    return f"earned:{creator.pk}"
