"""The addresses of live video: where creators send it, and where viewers fetch it."""

from urllib.parse import urlsplit

import environ

RTMP = 1935  # the port that encoders take where none is named


def address(env: environ.Env, *, public_url: str, port: int) -> str:
    """Return RTMP_URL; by default the site's own host, at the port where it listens."""
    host = urlsplit(public_url).hostname or "localhost"
    at = "" if port == RTMP else f":{port}"
    shown = f"[{host}]" if ":" in host else host
    return str(env.str("RTMP_URL", default=f"rtmp://{shown}{at}/live"))


def origin(url: str) -> list[str]:
    """Return the origin of VIDEO_URL, if it is another one than the site's."""
    at = urlsplit(url)
    return [f"{at.scheme}://{at.netloc}"] if at.netloc else []
