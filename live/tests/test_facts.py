"""What is said of a stream: checked, changed while it is live, shown; and streams for adults."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.ages import is_old_enough
from accounts.models import User
from conftest import api_key, person
from live import tasks
from live.chat.messages import say
from live.models import Stream
from live.streams import adults, facts, services
from live.tests.adults import for_adults, of_sixteen

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(bob: User) -> Stream:
    return for_adults(bob)


@pytest.fixture
def minor(db: None) -> User:
    return of_sixteen()


def test_a_stream_keeps_what_is_said_of_it(bob: User) -> None:
    said = services.go_live(creator=bob, title=" Late  night ", topic="music", language="de")
    assert (said.title, said.topic, said.language) == ("Late night", "music", "de")
    assert said.language_name == "Deutsch"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"title": "\u200b"}, facts.EmptyTitle),
        ({"title": "T", "topic": "crime"}, facts.UnknownTopic),
        ({"title": "T", "language": "xx"}, facts.UnknownLanguage),
    ],
)
def test_what_cannot_be_said_changes_nothing(
    bob: User, stream: Stream, said: facts.Facts, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        services.change(creator=bob, stream=stream, **said)
    services.end(creator=bob, stream=stream)
    with pytest.raises(refusal):
        services.go_live(creator=bob, **said)
    assert [one.title for one in Stream.objects.all()] == ["Bob plays at night"]


@pytest.mark.parametrize("wrong", [{"topic": "crime"}, {"language": "Deutsch"[:3]}])
def test_the_table_refuses_it_too(stream: Stream, wrong: dict[str, str]) -> None:
    with pytest.raises(IntegrityError):
        Stream.objects.filter(pk=stream.pk).update(**wrong)


def test_a_change_is_told_to_the_room_once(bob: User, stream: Stream) -> None:
    for _twice in range(2):
        services.change(creator=bob, stream=stream, title="Requests", adults_only=True)
    (event,) = stream.events.filter(kind="changed")
    assert event.payload == {"title": "Requests", "adults_only": True}


def test_nobody_changes_what_is_over_or_not_theirs(bob: User, carol: User, stream: Stream) -> None:
    with pytest.raises(Stream.DoesNotExist):
        services.change(creator=carol, stream=stream, title="Mine")
    services.end(creator=bob, stream=stream)
    with pytest.raises(services.StreamEnded):
        services.change(creator=bob, stream=stream, title="Later")


def test_who_may_watch_a_stream_for_adults(
    alice: User, bob: User, dana: User, minor: User, late: Stream
) -> None:
    dana.date_of_birth = None
    unborn = person("unborn", born=None)
    assert [adults.may_watch(one, late) for one in (alice, bob, dana)] == [True] * 3
    assert [adults.may_watch(one, late) for one in (AnonymousUser(), minor, unborn)] == [False] * 3
    late.adults_only = False
    assert adults.may_watch(AnonymousUser(), late)


def test_the_day_counts(minor: User, late: Stream) -> None:
    days = (timezone.now().date() - timedelta(days=days) for days in range(17 * 365, 18 * 366 + 2))
    eighteen = next(day for day in days if is_old_enough(day, 18))  # the youngest who are
    minor.date_of_birth = eighteen
    assert adults.may_watch(minor, late)
    minor.date_of_birth = eighteen + timedelta(days=1)
    assert not adults.may_watch(minor, late)


def test_a_minor_says_nothing_there(bob: User, minor: User, late: Stream) -> None:
    with pytest.raises(adults.AdultsOnly):
        say(user=minor, stream=late, text="Hello")
    assert not late.events.exists()
    services.change(creator=bob, stream=late, adults_only=False)
    late.refresh_from_db()
    say(user=minor, stream=late, text="Hello")


def test_the_room_asks_for_the_age(alice: User, minor: User, late: Stream) -> None:
    room = f"/live/{late.public_id}/"
    for someone, way in ((None, f"/account/login/?next={room}"), (minor, "/"), (alice, None)):
        client = Client()
        if someone:
            client.force_login(someone)
        page = client.get(room)
        token = client.get(f"{room}token/")
        api = [
            client.get(f"/api/v1/streams/{late.public_id}/{part}/")
            for part in ("events", "picture")
        ]
        answers = {page.status_code, token.status_code, *(one.status_code for one in api)}
        assert answers == ({200} if way is None else {403})
        if way:
            assert f'href="{way}"' in page.text
            assert "data-events-url" not in page.text
            assert {one.json()["code"] for one in api} == {"adults_only"}


def test_a_key_of_the_api_speaks_for_its_person(alice: User, late: Stream) -> None:
    keyed = Client(headers={"Authorization": f"Token {api_key(alice)}"})
    assert keyed.get(f"/api/v1/streams/{late.public_id}/events/").status_code == 200


def test_the_home_page_filters_by_topic(bob: User, client: Client) -> None:
    services.go_live(creator=bob, title="Night guitar", topic="music", adults_only=True)
    mira = person("mira", is_creator=True)
    services.go_live(creator=mira, title="Bowls", topic="art")
    everything = client.get("/")
    assert [word in everything.text for word in ("?topic=music", "?topic=art", "18+")] == [True] * 3
    assert "?topic=games" not in everything.text
    music = client.get("/?topic=music").text
    assert "Night guitar" in music
    assert "Bowls" not in music
    for nothing in ("games", "crime", "' OR 1"):
        assert "Bowls" in client.get("/", {"topic": nothing}).text


def test_followers_for_whom_a_stream_is_not_get_no_email(bob: User, alice: User) -> None:
    for follower in (alice, of_sixteen()):
        services.follow(user=follower, creator=bob)
    for_adults(bob)
    tasks.send_notices()
    assert [one.to for one in mail.outbox] == [["alice@example.com"]]
