"""The guards of gifts on replays: when they are taken, where they stand, that they are not live."""

from giftplatform.tests.mutants.guards import SEND, Guard, guard

SENT = "gifts/tests/sending/test_on_replay.py"
TAKEN = "studio/tests/test_gifts_on_replays.py"
GIFT_TABLES = "gifts/migrations/0001_initial.py"
LIVE_TABLES = "live/migrations/0001_initial.py"
FEED = "live/feed/table.py"


def on_replay(name: str, path: str, before: str, after: str, *tests: str) -> Guard:
    """Return a guard of gifts on replays."""
    return guard(f"on replays: {name}", path, before, after, *tests)


GUARDS = [
    on_replay(
        "a gift goes to a replay that takes gifts",
        SEND,
        "ELSIF one.moment IS NOT NULL AND one.replayed IS NOT TRUE THEN",
        "ELSIF false THEN",
        SENT,
    ),
    on_replay(
        "a replay takes gifts for as long as it is kept",
        SEND,
        " AND t.sent_at < s.gifts_until AND EXISTS (",
        " AND EXISTS (",
        SENT,
    ),
    on_replay(
        "a suspended creator takes none",
        SEND,
        "WHERE k.id = s.creator_id AND k.is_active) AS replayed,",
        "WHERE k.id = s.creator_id) AS replayed,",
        SENT,
    ),
    on_replay(
        "a press for a live stream is none for its replay",
        SEND,
        "ELSIF one.stream IS NULL OR one.state = 'ended' AND one.moment IS NULL THEN",
        "ELSIF one.stream IS NULL THEN",
        SENT,
    ),
    on_replay(
        "a key is for one moment",
        SEND,
        " t.moment) AS same,",
        " e.moment) AS same,",
        SENT,
    ),
    on_replay(
        "a moment is one of the stream",
        SEND,
        "THEN least(greatest(a.asked_moment, s.started_at), s.ended_at) END AS moment) t",
        "THEN a.asked_moment END AS moment) t",
        SENT,
    ),
    on_replay(
        "a key remembers the moment",
        "gifts/sql/digest.sql",
        "coalesce(extract(epoch FROM s.moment)::text, '-')",
        "'-'",
        SENT,
    ),
    on_replay(
        "a gift on a replay comes after the stream",
        GIFT_TABLES,
        "('moment__lt', models.F('created_at'))",
        "('moment__isnull', False)",
        SENT,
    ),
    on_replay(
        "only a stream that is over takes gifts on its replay",
        LIVE_TABLES,
        "('started_at__isnull', False), ('state', 'ended')), _connector='OR'), "
        "name='gifts_after_the_end_need_an_end'",
        "('started_at__isnull', False)), _connector='OR'), name='gifts_after_the_end_need_an_end'",
        SENT,
    ),
    on_replay(
        "a gift is pushed to nobody",
        "gifts/sending/send.py",
        "        if gift.moment is None:",
        "        if True:",
        SENT,
    ),
    on_replay(
        "neither is its undo or its thanks",
        "live/feed/events.py",
        "    if moment is not None:\n        return event\n",
        "",
        SENT,
    ),
    on_replay(
        "the poll does not find it",
        FEED,
        "e.id <> ALL(%s::bigint[])\n  AND e.moment IS NULL\n",
        "e.id <> ALL(%s::bigint[])\n",
        SENT,
    ),
    on_replay(
        "nor does a page that comes back",
        FEED,
        "e.id > %s AND e.moment IS NULL ORDER BY",
        "e.id > %s ORDER BY",
        SENT,
    ),
    on_replay(
        "nor one that begins",
        FEED,
        "e.stream_id = %s AND e.moment IS NULL ORDER BY e.id DESC",
        "e.stream_id = %s ORDER BY e.id DESC",
        SENT,
    ),
    on_replay(
        "nor one that looks for what came late",
        FEED,
        "%(after)s - %(ids)s\n  AND e.moment IS NULL\n",
        "%(after)s - %(ids)s\n",
        SENT,
    ),
    on_replay(
        "a replay that is ready opens",
        "video/replays/recording.py",
        "    follow(replay.stream.creator_id)\n",
        "",
        TAKEN,
    ),
    on_replay(
        "one that is taken down closes",
        "video/replays/services.py",
        "    follow(mine.stream.creator_id)\n",
        "",
        TAKEN,
    ),
    on_replay(
        "one that is gone closes",
        "video/replays/gifts.py",
        "    for creator_id in sorted(creators):\n        follow(creator_id)\n",
        "",
        TAKEN,
    ),
    on_replay(
        "what a creator chooses holds at once",
        "video/replays/rules.py",
        "    follow(creator.pk)\n",
        "",
        TAKEN,
    ),
    on_replay(
        "what a creator does not want is not taken",
        "video/replays/gifts.py",
        "        ready = ready.none()\n",
        "        pass\n",
        TAKEN,
    ),
    on_replay(
        "what was undone is not there",
        "video/replays/events.py",
        'return [e for e in events if e.kind != "undo" and e.payload["id"] not in gone]',
        'return [e for e in events if e.kind != "undo"]',
        TAKEN,
    ),
]
