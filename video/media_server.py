"""A media server before the ingest, for RTMPS, SRT and WHIP: who publishes, and what it passes on.

MediaMTX asks us for each publisher (its HTTP authentication), and passes on what comes as RTMP. A
path there is a creator's handle and the ending of their stream key: it stands in that server's log,
the key does not, and what came in with a key that was replaced is passed on no more.
"""

from hmac import compare_digest
from typing import NamedTuple

from django.conf import settings

from accounts.models import User
from video import broadcasts, stream_keys
from video.models import StreamKey

FOLDER = "live/"
RELAYED = "relay."  # no stream key begins so
LONGEST = 200  # signs of a path or a secret


class Asked(NamedTuple):
    """What the media server asks about: the action, on which path, by whom and with what."""

    action: str
    path: str
    ip: str
    secret: str


def may(asked: Asked) -> bool:
    """Return whether the media server may go on.

    A creator publishes on their own path with their stream key. Only the machine itself reads: what
    it reads comes to us, and is watched here.
    """
    if asked.action == "read":
        return asked.ip in {"127.0.0.1", "::1"}
    if asked.action != "publish" or max(len(asked.path), len(asked.secret)) > LONGEST:
        return False
    key = stream_keys.use(asked.secret)
    return key is not None and asked.path == path_of(key)


def path_of(key: StreamKey) -> str:
    """Return the path that a creator with this key publishes on."""
    return f"{FOLDER}{key.creator.handle}/{key.ending}"


def name_for(text: str) -> str:
    """Return the name under which the media server passes on what comes with this stream key; empty
    for a text that is none. The key itself goes no further.
    """
    if len(text) > LONGEST:
        return ""
    key = stream_keys.use(text)
    secret = settings.MEDIA_SERVER_SECRET
    return f"{RELAYED}{secret}.{key.creator.handle}.{key.ending}" if key else ""


def may_go_on(name: str) -> bool:
    """Return whether what comes in under this name is still wanted: the key was not replaced, the
    stream was not ended by hand, the room shows nothing else.

    nginx names an encoder by its key, and what it passes on by the other name.
    """
    creator = creator_of(name)
    return creator is not None and broadcasts.may_send(creator)


def creator_of(name: str) -> User | None:
    """Return the creator whose video comes in under this name of a stream.

    It is a stream key, or what the media server passes on: `relay.<its secret>.<handle>.<ending of
    the key>`.
    """
    if not name.startswith(RELAYED):
        key = stream_keys.use(name)
        return key.creator if key else None
    _secret, _, whose = name.removeprefix(RELAYED).partition(".")
    if not passes_on(name):
        return None
    handle, _, ending = whose.partition(".")
    theirs = StreamKey.objects.filter(ending=ending, creator__handle=handle)
    theirs = theirs.filter(creator__is_active=True, creator__is_creator=True)
    key = theirs.select_related("creator").first()
    return key.creator if key else None


def passes_on(name: str) -> bool:
    """Return whether the media server itself passes a stream of this name on: nobody guesses there,
    also when the key that the stream came in with was replaced meanwhile.
    """
    secret = name.removeprefix(RELAYED).partition(".")[0]
    return name.startswith(RELAYED) and is_its(secret)


def is_its(secret: str) -> bool:
    """Return whether this is the media server's secret; a site without one knows none."""
    known = settings.MEDIA_SERVER_SECRET.encode()
    return bool(known) and compare_digest(secret.encode(), known)
