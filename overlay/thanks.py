"""Automatic thanks: from the coins on that a creator chose, once nothing can be undone.

A combo is one gift here: its coins are added up, and it is thanked for when its last press can no
longer be undone. Gifts on replays are thanked for as those of a live stream are.
"""

from django.db import connection

from accounts.models import User
from foundation.errors import DomainError
from gifts.models import SentGift
from gifts.sending.services import thank

# After this the moment is over: a site that was down does not make up for it.
FRESH_MINUTES = 5
AT_ONCE = 200

_DUE = """
SELECT s.creator_id, (array_agg(g.public_id ORDER BY g.id DESC))[1]
FROM live_stream s
JOIN overlay_alertsettings a ON a.creator_id = s.creator_id AND a.thank_from_coins IS NOT NULL
JOIN gifts_sentgift g ON g.creator_id = s.creator_id AND g.stream_id = s.id
WHERE (s.state = 'on_air' OR s.gifts_until > now() AND g.moment IS NOT NULL) AND g.undone_at IS NULL
  AND g.created_at > now() - make_interval(mins => %s)
GROUP BY s.id, s.creator_id, a.thank_from_coins, coalesce(g.combo, g.public_id)
HAVING sum(g.coins) >= a.thank_from_coins
   AND max(g.undo_until) < now()
   AND bool_and(g.thanked_at IS NULL)
ORDER BY max(g.id)
LIMIT %s
"""


def thank_due() -> int:
    """Thank for every gift that is due, in the creators' names; return for how many."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [FRESH_MINUTES, AT_ONCE])
        due = cursor.fetchall()
    creators = User.objects.in_bulk({row[0] for row in due})
    thanked = 0
    for creator, key in due:
        try:
            thank(creator=creators[creator], key=key)
        except (SentGift.DoesNotExist, DomainError):
            continue  # taken back meanwhile
        thanked += 1
    return thanked
