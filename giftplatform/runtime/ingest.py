"""The addresses of live video: where creators send it, and where viewers fetch it."""

import re
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# Of whom video may be shown: services by name, servers by kind and host.
SERVICES = ("hls", "youtube", "twitch", "vimeo")
SERVERS = ("owncast", "peertube")
RTMP = 1935  # the port that encoders take where none is named


def address(env: environ.Env, *, public_url: str, port: int) -> str:
    """Return RTMP_URL; by default the site's own host, at the port where it listens."""
    host = urlsplit(public_url).hostname or "localhost"
    at = "" if port == RTMP else f":{port}"
    shown = f"[{host}]" if ":" in host else host
    return str(env.str("RTMP_URL", default=f"rtmp://{shown}{at}/live"))


def elsewhere(env: environ.Env) -> dict[str, str]:
    """Return VIDEO_ELSEWHERE: the services and servers whose video rooms may show, each with its
    kind. Raises `ImproperlyConfigured`.
    """
    found: dict[str, str] = {}
    for entry in env.list("VIDEO_ELSEWHERE", default=[*SERVICES]):
        kind, _colon, host = entry.strip().lower().partition(":")
        service = not host and kind in SERVICES
        server = kind in SERVERS and re.fullmatch(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]*", host)
        if not service and not server:
            raise ImproperlyConfigured(
                f"VIDEO_ELSEWHERE: {entry!r} is none of {', '.join(SERVICES)}, "
                "owncast:<host>, peertube:<host>."
            )
        found[host or kind] = kind
    return found


def origin(url: str) -> list[str]:
    """Return the origin of VIDEO_URL, if it is another one than the site's."""
    at = urlsplit(url)
    return [f"{at.scheme}://{at.netloc}"] if at.netloc else []
