"""Every page has a door: each is reached from the first one in at most four presses."""

import re

import pytest

from accounts.models import User
from conftest import person
from giftplatform.tests.addresses import all_routes, browser, things
from giftplatform.tests.walk import walked
from live.models import Stream
from testing.browsers import just_signed_in

pytestmark = pytest.mark.django_db

MAIL = "a link in an email leads to it"
SCRIPT = "a script asks for it"
MACHINE = "a machine asks for it"
STATE = "its button stands there in another state of the order, payout, stream or account"
WITHOUT_A_DOOR = {
    "account/2fa/": "our settings show what it shows",
    "account/2fa/authenticate/": STATE,
    "account/2fa/reauthenticate/": STATE,
    "account/2fa/recovery-codes/": STATE,
    "account/2fa/recovery-codes/download/": STATE,
    "account/2fa/recovery-codes/generate/": STATE,
    "account/2fa/totp/deactivate/": STATE,
    "account/2fa/webauthn/reauthenticate/": STATE,
    r"account/^confirm-email/(?P<key>[-:\w]+)/$": MAIL,
    r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": MAIL,
    "account/closed/": STATE,
    "account/confirm-email/": STATE,
    "account/inactive/": STATE,
    "account/login/code/confirm/": STATE,
    "account/password/reset/done/": STATE,
    "account/password/reset/key/done/": STATE,
    "account/password/set/": STATE,
    "account/reauthenticate/": STATE,
    "admin/password_change/done/": STATE,
    "clips/<uuid:public_id>/state/": SCRIPT,
    "gifts/known/": SCRIPT,
    "gifts/undo/": SCRIPT,
    "guardian/sent/": STATE,
    "guardian/<slug:token>/": MAIL,
    "guardian/<slug:token>/confirm/": MAIL,
    "healthz": MACHINE,
    "ingest/auth/": MACHINE,
    "live/<uuid:public_id>/guest/join/": STATE,
    "live/<uuid:public_id>/guest/line/": SCRIPT,
    "ingest/publish/": MACHINE,
    "live/<uuid:public_id>/token/": SCRIPT,
    "live/lines/<int:event_id>/invite/": SCRIPT,
    "live/<uuid:stream_id>/sends/": SCRIPT,
    "media/gifts/<str:name>": "a picture",
    "media/people/<str:name>": "a picture",
    "studio/page/<slug:part>/remove/": STATE,
    "orders/<uuid:public_id>/cancel/": STATE,
    "orders/<uuid:public_id>/pay/": STATE,
    "orders/<uuid:public_id>/progress/": SCRIPT,
    "overlay/<slug:token>/": "its address is copied into OBS",
    "overlay/<slug:token>/<slug:widget>/": "its address is copied into OBS",
    "overlay/<slug:token>/played/": SCRIPT,
    "overlay/<slug:token>/state/": SCRIPT,
    "readyz": MACHINE,
    "sandbox/bank/<uuid:reference>/": "the order leads there once it is paid for",
    "sandbox/save/<uuid:reference>/": "turning auto top-up on leads there",
    "sandbox/pay/<uuid:reference>/": "the order leads there once it is paid for",
    "studio/go-live/<uuid:public_id>/start/": STATE,
    "studio/go-live/elsewhere/end/": STATE,
    "studio/go-live/line/": SCRIPT,
    "studio/live/<uuid:stream_id>/": STATE,
    "studio/live/alerts/": SCRIPT,
    "studio/live/alerts/resume/": STATE,
    "studio/payouts/<uuid:payout_id>/again/": STATE,
    "studio/payouts/quote/": STATE,
    "studio/payouts/request/": STATE,
    "wallet/auto-top-up/card/": STATE,
    "wallet/history/": STATE,
    "webhooks/<slug:provider>/": MACHINE,
}
FOR_SECONDS = "gifts/<uuid:key>/undo/"  # whether its button is still there is a matter of time
LIST = re.compile(r"admin/\w+/\w+/$")  # what is under it is Django's own


def walkable(route: str) -> bool:
    """Whether people walk to it: pages, and the lists of the admin."""
    if route.startswith("admin/"):
        return LIST.match(route) is not None
    return not route.startswith(("api/", "static/"))


def test_each_page_is_reached_in_four_presses_and_leads_somewhere(
    alice: User, bob: User, dana: User, stream: Stream
) -> None:
    moderator = person("max")
    things(alice=alice, bob=bob, moderator=moderator, dana=dana, stream=stream)
    reached: set[str] = set()
    for someone in (None, alice, bob, moderator, dana):
        client = browser(someone)
        walk = walked(just_signed_in(client) if someone else client)
        assert walk.broken == [], someone
        reached |= walk.reached
    reached.discard(FOR_SECONDS)
    without = {route for route in all_routes() if walkable(route)} - reached - {FOR_SECONDS}
    assert without == WITHOUT_A_DOOR.keys()
