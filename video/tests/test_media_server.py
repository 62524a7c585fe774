"""A media server before the ingest: what MediaMTX asks, and what it passes on.

The questions have the shape that its documentation gives them (External HTTP server).
"""

import base64
import json

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from conftest import person
from live.tests.subscribing import wait_for
from video import media_server, stream_keys
from video.ingest import gate
from video.models import Broadcast, StreamKey
from video.tests.stage import Ingest, newest, pushing, refused

SECRET = "a-secret-of-the-site"  # of this test


@pytest.fixture
def secret(settings: Settings) -> str:
    cache.clear()
    settings.MEDIA_SERVER_SECRET = SECRET
    return SECRET


@pytest.fixture
def bobs(bob: User, secret: str) -> tuple[str, str]:
    """Bob's stream key, and his path."""
    key = stream_keys.rotate(creator=bob)
    return key, f"live/bob/{key[-4:]}"


def asked(knowing: str = SECRET, **fields: str) -> int:
    """Return the status of the answer to what MediaMTX asks."""
    question = {
        "user": "",
        "password": "",
        "token": "",
        "ip": "192.0.2.7",
        "action": "publish",
        "path": "live",
        "protocol": "webrtc",
        "id": "2f1b",
        "query": "",
    }
    told = base64.b64encode(f"mediamtx:{knowing}".encode()).decode()
    return (
        Client(headers={"Authorization": f"Basic {told}"})
        .post("/ingest/auth/", json.dumps(question | fields), content_type="application/json")
        .status_code
    )


@pytest.mark.parametrize("way", ["token", "password", "query token", "query pass"])
def test_a_creator_publishes_with_their_key(bobs: tuple[str, str], way: str) -> None:
    key, path = bobs
    in_query, _, name = way.rpartition(" ")
    told = {"query": f"user=bob&{name}={key}"} if in_query else {name: key}
    assert asked(path=path, **told) == 204
    assert StreamKey.objects.get().used_at


def test_without_a_key_the_client_is_asked_for_one_and_nothing_is_counted(
    bobs: tuple[str, str],
) -> None:
    key, path = bobs
    assert {asked(path=path) for _ in range(12)} == {401}
    assert asked(path=path, token=key) == 204


def test_a_key_opens_its_own_path_only(bobs: tuple[str, str]) -> None:
    key, path = bobs
    for other in ("live/bob", f"live/mira/{key[-4:]}", f"{path}/more", "live", "", "x" * 5_000):
        assert asked(path=other, token=key, ip="") == 401


def test_wrong_keys_make_a_network_wait(bobs: tuple[str, str]) -> None:
    key, path = bobs
    for number in range(gate.MOST_WRONG_KEYS):
        assert asked(path=path, token=f"{key[:-1]}{number}{number}") == 401
    assert asked(path=path, token=key) == 401
    assert asked(path=path, token=key, ip="198.51.100.9") == 204


def test_a_key_that_was_replaced_publishes_nothing(bob: User, bobs: tuple[str, str]) -> None:
    key, path = bobs
    stream_keys.rotate(creator=bob)
    assert asked(path=path, token=key) == 401


@pytest.mark.parametrize(("ip", "status"), [("127.0.0.1", 204), ("::1", 204), ("192.0.2.7", 401)])
def test_only_the_machine_itself_reads(secret: str, db: None, ip: str, status: int) -> None:
    assert asked(action="read", path="live/bob/abcd", ip=ip) == status


@pytest.mark.parametrize("action", ["playback", "api", "metrics", "pprof", ""])
def test_nobody_does_anything_else(bobs: tuple[str, str], action: str) -> None:
    key, path = bobs
    assert asked(action=action, path=path, token=key, ip="127.0.0.1") == 401


def test_nobody_else_asks(settings: Settings, bobs: tuple[str, str]) -> None:
    key, path = bobs
    assert asked(knowing="another", path=path, token=key) == 404
    for header in ("", "Basic", "Basic !", "Basic //8=", f"Bearer {SECRET}"):
        client = Client(headers={"Authorization": header})
        assert (
            client.post("/ingest/auth/", "{}", content_type="application/json").status_code == 404
        )
    settings.MEDIA_SERVER_SECRET = ""
    assert asked(knowing="", path=path, token=key) == 404


@pytest.mark.parametrize(
    "body", ["[]", "1", '{"path": 1}', '{"path": "\\u0000"}', "{", "[" * 9_000]
)
def test_what_is_no_question_is_answered_no(secret: str, db: None, body: str) -> None:
    told = base64.b64encode(f"m:{SECRET}".encode()).decode()
    client = Client(headers={"Authorization": f"Basic {told}"})
    answer = client.post("/ingest/auth/", body, content_type="application/json")
    assert answer.status_code in {400, 401, 422}


def test_what_it_passes_on_is_its_creators(bob: User, bobs: tuple[str, str]) -> None:
    key, _path = bobs
    name = f"relay.{SECRET}.bob.{key[-4:]}"
    assert media_server.creator_of(name) == bob
    assert media_server.creator_of(key) == bob
    person("mira", is_creator=True)
    for wrong in (
        f"relay..bob.{key[-4:]}",
        f"relay.{SECRET}x.bob.{key[-4:]}",
        f"relay.{SECRET}.mira.{key[-4:]}",
        f"relay.{SECRET}.bob.",
        f"relay.{SECRET}",
        "relay.",
    ):
        assert media_server.creator_of(wrong) is None
    stream_keys.rotate(creator=bob)
    assert media_server.creator_of(name) is None


def test_without_a_secret_nothing_is_passed_on(settings: Settings, bobs: tuple[str, str]) -> None:
    key, _path = bobs
    settings.MEDIA_SERVER_SECRET = ""
    assert media_server.creator_of(f"relay..bob.{key[-4:]}") is None


def test_it_speaks_for_many_from_one_address() -> None:
    door = gate.Gate()
    assert all(door.enter("127.0.0.1/32", many=True) for _ in range(gate.MOST_AT_ONCE + 40))
    assert not all(door.enter("192.0.2.7/32") for _ in range(gate.MOST_AT_ONCE + 1))


def test_a_path_that_is_over_keeps_out_nobody_else_who_is_passed_on(
    secret: str, ingest: Ingest, key: str
) -> None:
    """It passes on what still comes with a key that was replaced, again and again."""
    for _again in range(gate.MOST_WRONG_KEYS):
        assert refused(ingest.url(f"relay.{SECRET}.bob.0000"))
    with pushing(ingest.url(f"relay.{SECRET}.bob.{key[-4:]}")):
        assert newest("live").creator.handle == "bob"


def test_what_it_pushes_is_seen_in_the_room(secret: str, ingest: Ingest, key: str) -> None:
    with pushing(ingest.url(f"relay.{SECRET}.bob.{key[-4:]}")):
        assert newest("live").creator.handle == "bob"
    assert refused(ingest.url(f"relay.wrong.bob.{key[-4:]}"))
    wait_for(lambda: not Broadcast.objects.incoming().exists())
