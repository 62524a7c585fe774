"""Where a request came from, and what an account was used with: kept, compared, and forgotten."""

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import connection
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse

from accounts.models import Trace, User

COOKIE = "browser"
_SIGNER = signing.Signer(salt="browser")
_LENGTH = 24  # bytes of chance in a browser's name
LONGEST_COOKIE = 200  # more than our own cookie ever has; a longer one is not ours
# One household or office each: what a provider gives a customer is no smaller.
V4_PREFIX, V6_PREFIX = 24, 48
Kind = Trace.Kind


@dataclass(frozen=True)
class Origin:
    """Where a request came from: the address, and the browser's digest; empty where unknown."""

    ip: str = ""
    device: str = ""

    @property
    def network(self) -> str:
        """The network of the address, which is kept longer than the address."""
        return network_of(self.ip)

    @property
    def values(self) -> dict[Kind, str]:
        """What of it is a trace."""
        return {Kind.DEVICE: self.device, Kind.NETWORK: self.network}


def origin_of(request: HttpRequest) -> Origin:
    """Return where a request came from.

    `X-Forwarded-For` counts behind our own proxy only (`BEHIND_PROXY`), and there the one address
    that the proxy wrote; a client's own words never do.
    """
    return Origin(ip=_address(request), device=hidden(Kind.DEVICE, _browser(request)))


def network_of(ip: str) -> str:
    """Return the network of an address, such as 203.0.113.0/24; nothing where it is none."""
    try:
        known = _plain(ip_address(ip))
    except ValueError:
        return ""
    length = V4_PREFIX if known.version == 4 else V6_PREFIX
    return str(ip_network((known, length), strict=False))


def hidden(kind: Kind, value: str) -> str:
    """Return a digest by which values are compared; nothing for nothing.

    It is keyed: whoever reads the table cannot find an IBAN by trying all of them.
    """
    if not value:
        return ""
    return hmac.new(_key(), f"{kind.value}:{value}".encode(), sha256).hexdigest()


def note(user: User, values: Mapping[Kind, str]) -> None:
    """Keep that an account was used with these things now. Empty values are left out."""
    note_each((user.pk, kind, value) for kind, value in values.items())


def note_each(uses: Iterable[tuple[int, Kind, str]]) -> None:
    """Keep that accounts were used with things now, each as (user, kind, value)."""
    # In one order, so that two who note the same do not wait for each other.
    known = sorted({(user, kind.value, value) for user, kind, value in uses if value})
    if not known:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_trace (user_id, kind, value, first_at, last_at)"
            " SELECT u.*, now(), now() FROM unnest(%s::bigint[], %s::text[], %s::text[]) u"
            " ON CONFLICT (user_id, kind, value)"
            " DO UPDATE SET last_at = greatest(accounts_trace.last_at, excluded.last_at)",
            [list(column) for column in zip(*known, strict=True)],
        )


def note_visit(user: User, request: HttpRequest, response: HttpResponse) -> None:
    """Keep where a person came from; a browser without a name gets a random one, which says
    nothing about its owner.
    """
    origin = origin_of(request)
    if not origin.device:
        name = secrets.token_urlsafe(_LENGTH)
        origin = Origin(origin.ip, hidden(Kind.DEVICE, name))
        response.set_cookie(
            COOKIE,
            _SIGNER.sign(name),
            max_age=timedelta(days=settings.TRACE_DAYS),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    note(user, origin.values)


def prune(*, older_than_days: int) -> int:
    """Forget traces that were last seen so many days ago; return how many."""
    old = Trace.objects.filter(last_at__lt=Now() - timedelta(days=older_than_days))
    return old.delete()[0]


def _address(request: HttpRequest) -> str:
    try:
        return str(_plain(ip_address(get_adapter().get_client_ip(request))))
    except (PermissionDenied, ImproperlyConfigured, ValueError):
        return ""


def _plain(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return an IPv4 address that came in IPv6's clothes as itself: it has one network."""
    return getattr(ip, "ipv4_mapped", None) or ip


def _browser(request: HttpRequest) -> str:
    """Return the browser's name if we gave it; a made-up one, or none, is nothing."""
    said = request.COOKIES.get(COOKIE, "")
    if len(said) > LONGEST_COOKIE:
        return ""
    try:
        return _SIGNER.unsign(said)
    except signing.BadSignature:
        return ""


def _key() -> bytes:
    secret = settings.FIELD_KEY.split(",")[0].strip()
    return hmac.new(secret.encode(), b"giftplatform traces", sha256).digest()
