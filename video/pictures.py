"""What a room's player shows, and what a creator sees of their own video."""

from typing import Any, NamedTuple

from django.conf import settings

from accounts.models import User
from live import seats
from live.models import Stream
from video.media_server import path_of
from video.models import Broadcast, Elsewhere, StreamKey
from video.troubles import SENTENCES


class Picture(NamedTuple):
    """The state of a room's picture, and where its playlist is; both empty: there is none.

    `elsewhere` is what comes from another server, which viewers load by a press.
    """

    state: str = ""
    src: str = ""
    elsewhere: Elsewhere | None = None


def picture_of(stream: Stream) -> Picture:
    """Return what the room shows now."""
    if not stream.is_on_air:
        return Picture()
    if elsewhere := shown_elsewhere(stream):
        return Picture("elsewhere", elsewhere=elsewhere)
    return _of(stream.broadcasts.own().filter(state__in=Broadcast.SHOWN).first())


def _of(shown: Broadcast | None) -> Picture:
    if shown is None:
        return Picture()
    live = shown.state == Broadcast.State.LIVE
    return Picture(str(shown.state), shown.address if live else "")


def shown_elsewhere(stream: Stream) -> Elsewhere | None:
    """Return what the room shows from elsewhere; nothing of a server that is allowed no more."""
    shown = Elsewhere.objects.shown().filter(stream=stream).first()
    return shown if shown and shown.is_allowed else None


def guests_of(stream: Stream) -> list[dict[str, Any]]:
    """Return the guests who are on as the room shows them, each with the state of their picture."""
    on = seats.joined(stream) if stream.is_on_air else []
    sent = Broadcast.objects.filter(guest__in=on, state__in=Broadcast.SHOWN).order_by("pk")
    by_guest = {one.guest_id: one for one in sent}
    pictures = [(guest, _of(by_guest.get(guest.pk))) for guest in on]
    return [{**guest.shown, "state": one.state, "src": one.src} for guest, one in pictures]


def shows_film(creator: User) -> bool:
    """Return whether the demo's film is in the creator's room."""
    films = Broadcast.objects.incoming().filter(source=Broadcast.Source.FILM)
    return films.filter(creator=creator).exists()


class Encoder(NamedTuple):
    """A creator's way in for encoders, and how it goes there."""

    server: str
    key: StreamKey | None
    last: Broadcast | None
    rtmps: str = ""  # where a media server takes encrypted video of this key; empty without one
    whip: str = ""

    @property
    def trouble(self) -> str:
        """Why the last broadcast ended, as a sentence; empty when nothing was wrong."""
        ended = self.last is not None and self.last.state not in Broadcast.INCOMING
        return (
            str(SENTENCES[self.last.trouble]) if ended and self.last and self.last.trouble else ""
        )


def encoder_of(creator: User) -> Encoder:
    """Return what the creator's page about encoders shows."""
    key = StreamKey.objects.filter(creator=creator).select_related("creator").first()
    path = path_of(key) if key else ""
    return Encoder(
        server=settings.RTMP_URL,
        key=key,
        rtmps=_below(settings.MEDIA_SERVER_RTMPS, path),
        whip=_below(settings.MEDIA_SERVER_WHIP, path and f"{path}/whip"),
        last=Broadcast.objects.own()
        .filter(creator=creator)
        .exclude(source=Broadcast.Source.FILM)
        .select_related("stream")
        .first(),
    )


def _below(server: str, path: str) -> str:
    return f"{server.rstrip('/')}/{path}" if server and path else ""
