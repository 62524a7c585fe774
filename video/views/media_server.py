"""What media servers ask: MediaMTX (`authMethod: http`), nginx-rtmp (`on_publish`, `on_update`)."""

import base64
import binascii
from urllib.parse import parse_qs

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from foundation.incoming import body_of, json_of
from video import media_server
from video.ingest.gate import network_of

WRONG_KEY = "stream_key"  # of ACCOUNT_RATE_LIMITS


@csrf_exempt  # the secret says who asks; a server has no session
@login_not_required
@require_POST
def authorize(request: HttpRequest) -> HttpResponse:
    """Answer 204 for yes and 401 for no: who may publish, and who may read.

    A network that showed five wrong keys within a minute waits, as it does at our own port.
    """
    if not media_server.is_its(_password(request)):
        return HttpResponse(status=404)
    asked = _asked(json_of(body_of(request)))
    network = network_of(asked.ip)
    guess = {"action": WRONG_KEY, "key": network}
    if asked.secret and not ratelimit.consume(request, dry_run=True, **guess):
        return HttpResponse(status=401)
    if media_server.may(asked):
        return HttpResponse(status=204)
    if asked.secret:  # it asks without one first, for clients that wait to be asked
        ratelimit.consume(request, **guess)
    return HttpResponse(status=401)


@csrf_exempt  # as above
@login_not_required
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Answer nginx-rtmp: another name for a stream that may come in, 204 for one that may go on.

    nginx passes the stream on under the name that it is redirected to, so the key ends there. 403
    makes it hang up.
    """
    if not media_server.is_its(_password(request)):
        return HttpResponse(status=404)
    told = {name: values[0] for name, values in parse_qs(_form(request)).items()}
    name, address = told.get("name", ""), told.get("addr", "")
    # Its own connection to the ingest is asked about as well, as one that plays.
    if told.get("call") in {"update_publish", "update_play"}:
        goes_on = media_server.may_go_on(name)
        return HttpResponse(status=204 if goes_on else 403)
    guess = {"action": WRONG_KEY, "key": network_of(address)}
    if told.get("call") != "publish" or not ratelimit.consume(request, dry_run=True, **guess):
        return HttpResponse(status=403)
    if renamed := media_server.name_for(name):
        return HttpResponse(status=302, headers={"Location": renamed})
    ratelimit.consume(request, **guess)
    return HttpResponse(status=403)


def _form(request: HttpRequest) -> str:
    return body_of(request).decode("ascii", errors="replace")


def _password(request: HttpRequest) -> str:
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    if kind != "Basic":
        return ""
    try:
        return base64.b64decode(told, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _asked(payload: object) -> media_server.Asked:
    """Return the question; a key comes as a token, as a password, or in a query of either name."""
    told = payload if isinstance(payload, dict) else {}
    fields = {name: value for name, value in told.items() if isinstance(value, str)}
    query = parse_qs(fields.get("query", ""))
    secrets = [fields.get("token"), fields.get("password")]
    secrets += [query.get(name, [""])[0] for name in ("token", "pass")]
    return media_server.Asked(
        action=fields.get("action", ""),
        path=fields.get("path", ""),
        ip=fields.get("ip", ""),
        secret=next(filter(None, secrets), ""),
    )
