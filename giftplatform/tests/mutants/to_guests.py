"""The guards of gifts to guests: who gets them, by whose rules, and that a key is for one."""

from giftplatform.tests.mutants.guards import SEND, Guard, guard

SENT = "gifts/tests/sending/test_to_guest.py"


def to_guest(name: str, path: str, before: str, after: str) -> Guard:
    """Return a guard of gifts to guests."""
    return guard(f"to guests: {name}", path, before, after, SENT)


GUARDS = [
    to_guest(
        "only to one who is on",
        SEND,
        "AND q.state = 'joined' AND w.is_active",
        "AND w.is_active",
    ),
    to_guest(
        "not to an account that is closed",
        SEND,
        "AND q.state = 'joined' AND w.is_active",
        "AND q.state = 'joined'",
    ),
    to_guest(
        "who is gone is said to be",
        SEND,
        "ELSIF one.gone OR one.moment IS NOT NULL AND",
        "ELSIF one.moment IS NOT NULL AND",
    ),
    to_guest(
        "nothing on a replay",
        SEND,
        "ELSIF one.gone OR one.moment IS NOT NULL AND one.creator <> one.host THEN",
        "ELSIF one.gone THEN",
    ),
    to_guest(
        "a key is for one receiver",
        SEND,
        "(a.fan, s.id, CASE WHEN a.receiver IS NULL THEN s.creator_id ELSE w.id END, g.id,",
        "(a.fan, s.id, e.creator_id, g.id,",
    ),
    to_guest(
        "whom a guest blocks sends them nothing",
        SEND,
        "WHERE b.creator_id = v.creator AND b.user_id = a.fan) AS blocked,",
        "WHERE false) AS blocked,",
    ),
    to_guest(
        "whom the host blocks sends nothing",
        SEND,
        "WHERE b.creator_id = s.creator_id AND b.user_id = a.fan)\n",
        "WHERE b.creator_id = v.creator AND b.user_id = a.fan)\n",
    ),
    to_guest(
        "the words of the guest hold",
        SEND,
        "            IF code IS NULL AND one.creator <> one.host THEN\n",
        "            IF false THEN\n",
    ),
    to_guest(
        "the words of the host hold",
        SEND,
        "code := live_refusal(one.host, true,",
        "code := live_refusal(one.creator, true,",
    ),
    to_guest(
        "the name is shown by the words of the guest",
        SEND,
        "        IF shown IS NOT NULL AND one.creator <> one.host THEN\n",
        "        IF false THEN\n",
    ),
    to_guest(
        "the name is shown by the words of the host",
        SEND,
        "live_name_shown(one.host, one.name,",
        "live_name_shown(one.creator, one.name,",
    ),
    to_guest(
        "a limit is the receiver's",
        SEND,
        "i.creator_id = v.creator)) AS own_limits",
        "i.creator_id = s.creator_id)) AS own_limits",
    ),
    to_guest(
        "a host earns nothing of it",
        "gifts/earnings/sums.py",
        "SentGift.objects.filter(stream=stream, creator=stream.creator_id)",
        "SentGift.objects.filter(stream=stream)",
    ),
    to_guest(
        "a host blocks in their own rooms",
        "gifts/blocking.py",
        "return gift.creator if gift.creator_id == by.pk else gift.stream.creator",
        "return gift.creator",
    ),
    to_guest(
        "a thanks says the name by the words of both",
        "gifts/naming.py",
        "rooms = {gift.stream.creator_id, gift.creator_id}",
        "rooms = {gift.creator_id}",
    ),
]
