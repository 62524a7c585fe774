"""What a creator pastes, as an address that we make ourselves out of the id in it.

An address of a page to watch, a short one, an embed code: each becomes the one form that its server
gives out for embedding. Nothing else of what was pasted is kept, and nothing is fetched.
"""

import html
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.conf import settings
from django.utils.text import get_text_list
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError
from video.models.elsewhere import FORMS, HOST, Kind

LONGEST = 2_000
# Letters of an address that is written out plainly.
PLAIN = re.compile(r"[A-Za-z0-9:/?#@!$&()*+,;=._~%\[\]-]+")
SOURCE = re.compile(r"""<iframe\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
# Names that mean a machine of the viewer's own network.
OWN_NETWORK = {
    "arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain",
    "localhost", "onion", "private",
}  # fmt: skip
HOSTS = {
    **dict.fromkeys(
        (
            *("youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be"),
            *("youtube-nocookie.com", "www.youtube-nocookie.com"),
        ),
        Kind.YOUTUBE,
    ),
    **dict.fromkeys(("twitch.tv", "www.twitch.tv", "m.twitch.tv", "player.twitch.tv"), Kind.TWITCH),
    **dict.fromkeys(("vimeo.com", "www.vimeo.com", "player.vimeo.com"), Kind.VIMEO),
}


class UnsafeAddress(DomainError):
    """The address is none that a viewer's browser should be sent to."""

    code = "unsafe_address"
    status = 422
    message = _(
        "This address can't be shown. Enter one that begins with https://, with the name of a "
        "public server, and without port or password."
    )
    field = "address"


class HostNotAllowed(DomainError):
    """The operator lets no rooms show video of this server."""

    code = "host_not_allowed"
    status = 422
    message = _("Video from %(host)s isn't shown here. Use %(allowed)s.")
    field = "address"


class NoVideoInAddress(DomainError):
    """The server is known; the address names none of its videos."""

    code = "no_video_in_address"
    status = 422
    message = _("This address names no video. Open the video or the live channel, and copy that.")
    field = "address"


class Address(NamedTuple):
    """Where a video is: made by us, of a form that the table takes."""

    kind: Kind
    host: str
    path: str


def read(text: str) -> Address:
    """Return the video that the text names.

    Raises `UnsafeAddress`, `HostNotAllowed`, `NoVideoInAddress`.
    """
    url = _url(text)
    host = url.netloc.lower()
    kind = HOSTS.get(host) or _own(host)
    if kind in {None, Kind.OWNCAST} and url.path.endswith(".m3u8"):
        kind = Kind.HLS
    if kind is None or _is_ours(host) or not _is_allowed(kind, host):
        raise HostNotAllowed(host=host, allowed=allowed())
    for found in READERS[kind](url, host):
        host_form, path_form = FORMS[kind]
        if re.fullmatch(host_form, found.host) and re.fullmatch(path_form, found.path):
            return found
    raise NoVideoInAddress


def allowed() -> str:
    """Return in words what may be shown here."""
    names = [
        gettext_now("an address that ends in .m3u8")
        if kind == Kind.HLS
        else (name if "." in name else str(Kind(kind).label))
        for name, kind in settings.VIDEO_ELSEWHERE.items()
    ]
    return get_text_list(names, gettext_now("or")) or gettext_now("your camera or an encoder")


def _url(text: str) -> SplitResult:
    """Return the address in the text, if it is a plain one of a public server."""
    text = text.strip()[:LONGEST]
    if text.startswith("<"):
        code = SOURCE.search(text)
        text = html.unescape(code[1]) if code else ""
        text = f"https:{text}" if text.startswith("//") else text
    if not PLAIN.fullmatch(text):
        raise UnsafeAddress
    try:
        url = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError as error:
        raise UnsafeAddress from error
    host = url.netloc.lower()
    public = re.fullmatch(HOST, host) and host.rpartition(".")[2] not in OWN_NETWORK
    if url.scheme != "https" or not public or len(host) > 120:
        raise UnsafeAddress
    if ".." in url.path or "%" in url.path or "//" in url.path:
        raise UnsafeAddress
    return url


def _own(host: str) -> Kind | None:
    """Return what the operator says a server is."""
    kind = settings.VIDEO_ELSEWHERE.get(host)
    return Kind(kind) if kind else None


def _is_allowed(kind: Kind, host: str) -> bool:
    known = settings.VIDEO_ELSEWHERE
    return host in known if kind in {Kind.OWNCAST, Kind.PEERTUBE} else kind in known


def _is_ours(host: str) -> bool:
    """Return whether it is the site itself: nobody shows another room's video as their own."""
    return host in {urlsplit(settings.PUBLIC_URL).hostname, urlsplit(settings.VIDEO_URL).hostname}


def _query(url: SplitResult, name: str) -> str:
    return parse_qs(url.query).get(name, [""])[0]


def _hls(url: SplitResult, host: str) -> list[Address]:
    # What an address carries beside its path may be a secret of its creator's: none is kept.
    return [] if url.query or url.fragment else [Address(Kind.HLS, host, url.path)]


def _youtube(url: SplitResult, host: str) -> list[Address]:
    parts = [*url.path.strip("/").split("/"), ""]
    channel = ""
    video = parts[0] if host == "youtu.be" else ""
    if parts[0] == "watch":
        video = _query(url, "v")
    elif parts[:2] == ["embed", "live_stream"]:
        channel = _query(url, "channel")
    elif parts[0] in {"live", "embed", "shorts"}:
        video = parts[1]
    elif parts[0] == "channel":
        channel = parts[1]
    path = f"live_stream?channel={channel}" if channel else video
    return [Address(Kind.YOUTUBE, "www.youtube-nocookie.com", f"/embed/{path}")]


def _twitch(url: SplitResult, host: str) -> list[Address]:
    parts = [*url.path.strip("/").split("/"), ""]
    if host == "player.twitch.tv":
        channel, video = _query(url, "channel"), _query(url, "video")
    elif parts[0] == "videos":
        channel, video = "", parts[1]
    else:
        channel, video = parts[0] if parts[1] == "" else "", ""
    query = f"channel={channel.lower()}" if channel else f"video={video.removeprefix('v')}"
    return [Address(Kind.TWITCH, "player.twitch.tv", f"/?{query}")]


def _vimeo(url: SplitResult, host: str) -> list[Address]:
    parts = [part for part in url.path.split("/") if part]
    if parts[:1] == ["event"]:
        number, *more = [part for part in parts[1:] if part != "embed"] or [""]
        secret = f"/{more[0]}" if more else ""
        return [Address(Kind.VIMEO, "vimeo.com", f"/event/{number}/embed{secret}")]
    number, *more = [part for part in parts if part != "video"] or [""]
    secret = more[0] if more else _query(url, "h")
    path = f"/video/{number}" + (f"?h={secret}" if secret else "")
    return [Address(Kind.VIMEO, "player.vimeo.com", path)]


def _owncast(url: SplitResult, host: str) -> list[Address]:
    here = url.path.strip("/") in {"", "embed/video"}
    return [Address(Kind.OWNCAST, host, "/embed/video")] if here else []


def _peertube(url: SplitResult, host: str) -> list[Address]:
    page = re.fullmatch(r"/(?:w|videos/watch|videos/embed)/([^/]+)/?", url.path)
    return [Address(Kind.PEERTUBE, host, f"/videos/embed/{page[1]}")] if page else []


READERS: dict[Kind, Callable[[SplitResult, str], list[Address]]] = {
    Kind.HLS: _hls,
    Kind.YOUTUBE: _youtube,
    Kind.TWITCH: _twitch,
    Kind.VIMEO: _vimeo,
    Kind.OWNCAST: _owncast,
    Kind.PEERTUBE: _peertube,
}
