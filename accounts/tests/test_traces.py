"""Where a request came from: what counts of its headers, and what is kept for how long."""

from datetime import timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import traces
from accounts.models import Trace, User
from accounts.tasks import prune_traces
from accounts.traces import COOKIE, Kind, hidden, network_of, note, origin_of
from conftest import person

CALLER = "198.51.100.7"


def asked(cookie: str = "", **headers: str) -> traces.Origin:
    request = RequestFactory().get("/")
    request.META |= {"REMOTE_ADDR": CALLER, **headers}
    if cookie:
        request.COOKIES[COOKIE] = cookie
    return origin_of(request)


HOSTILE = [
    "203.0.113.9",
    "203.0.113.9, 203.0.113.10",
    "127.0.0.1",
    "::1",
    "'; DROP TABLE accounts_trace; --",
    "203.0.113.9:80",
    "9" * 4_000,
    "",
    ",",
    "\x00",
]


@pytest.mark.parametrize("said", HOSTILE)
@pytest.mark.parametrize(
    "header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_CF_CONNECTING_IP", "HTTP_FORWARDED"]
)
def test_without_a_proxy_no_header_says_where_somebody_is(header: str, said: str) -> None:
    assert asked(**{header: said}).ip == CALLER


@pytest.mark.parametrize(
    ("said", "ip"),
    [
        ("203.0.113.9", "203.0.113.9"),
        # What a client says of itself stands before what our proxy writes.
        ("10.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, nonsense", ""),
        ("2001:db8:1:2::3", "2001:db8:1:2::3"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_behind_our_proxy_its_own_word_counts(settings: Settings, said: str, ip: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert asked(HTTP_X_FORWARDED_FOR=said).ip == ip


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("", ""),
        ("not an address", ""),
        ("203.0.113.9/8", ""),
    ],
)
def test_an_address_has_one_network(ip: str, network: str) -> None:
    assert network_of(ip) == network


@pytest.mark.parametrize(
    "made_up",
    [
        "alice",
        "alice:signature",
        signing.Signer(salt="another").sign("alice"),
        "x" * 100_000,
        "\x00",
    ],
    ids=["no signature", "a word", "another's", "long", "NUL"],
)
def test_a_made_up_browser_is_none(made_up: str) -> None:
    assert asked(made_up).device == ""


def test_our_own_name_of_a_browser_is_known_again_and_cannot_be_read() -> None:
    named = signing.Signer(salt="browser").sign("chance")
    device = asked(named).device
    assert device == asked(named).device == hidden(Kind.DEVICE, "chance")
    assert "chance" not in device
    assert device != hidden(Kind.CARD, "chance")


def test_a_digest_needs_the_sites_key(settings: Settings) -> None:
    before = hidden(Kind.BANK, "DE89370400440532013000")
    settings.FIELD_KEY = "another secret, of another site"
    assert hidden(Kind.BANK, "DE89370400440532013000") != before


@pytest.mark.django_db
def test_a_visit_leaves_browser_and_network(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.get("/wallet/", REMOTE_ADDR=CALLER)
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert len(cookie.value.partition(":")[0]) == 32  # chance alone
    kept = {trace.kind: trace.value for trace in alice.traces.all()}
    assert kept[Kind.NETWORK] == "198.51.100.0/24"
    assert kept[Kind.DEVICE] == asked(cookie.value).device


@pytest.mark.django_db
def test_the_next_account_in_the_same_browser_is_seen_as_such(
    client: Client, alice: User, carol: User
) -> None:
    for each in (alice, carol):
        client.force_login(each)
        client.get("/wallet/")
        del client.cookies["sessionid"]
    devices = Trace.objects.filter(kind=Kind.DEVICE).values_list("value", "user")
    assert len({value for value, _user in devices}) == 1
    assert {user for _value, user in devices} == {alice.pk, carol.pk}


@pytest.mark.django_db
def test_visitors_get_no_name(client: Client) -> None:
    client.get("/")
    assert COOKIE not in client.cookies


@pytest.mark.django_db
def test_a_trace_is_one_row_however_often_it_is_seen(alice: User) -> None:
    for _each in range(3):
        note(alice, {Kind.DEVICE: "same", Kind.CARD: ""})
    trace = alice.traces.get()
    assert trace.first_at <= trace.last_at
    with pytest.raises(IntegrityError, match="one_trace_each"), transaction.atomic():
        Trace.objects.create(
            user=alice, kind="device", value="same", first_at=trace.first_at, last_at=trace.last_at
        )


@pytest.mark.django_db
def test_old_traces_are_forgotten_and_those_in_use_stay(settings: Settings) -> None:
    fan, now = person("fan"), timezone.now()
    for days in (0, 399, 401):
        at = now - timedelta(days=days)
        Trace.objects.create(
            user=fan,
            kind="network",
            value=f"{days}",
            first_at=now - timedelta(days=900),
            last_at=at,
        )
    prune_traces()
    assert set(fan.traces.values_list("value", flat=True)) == {"0", "399"}
