"""Moderators: whom they may block, what they may hide, and what only the creator may."""

import uuid

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.creators import NotACreator
from accounts.models import Creator, User
from conftest import person
from live.chat import messages
from live.models import Block, Event, Hidden, Moderator, Stream
from live.moderation import blocks, hiding, moderators
from live.streams.lines import opening

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


def say(user: User, stream: Stream, text: str) -> Event:
    cache.clear()
    return messages.say(user=user, stream=stream, text=text)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def eve(bob: User) -> User:
    """Bob's moderator."""
    user = person("eve")
    moderators.appoint(creator=bob, user=user)
    return user


# --- The list


def test_asking_twice_is_asking_once(bob: User, alice: User) -> None:
    first, new = moderators.appoint(creator=bob, user=alice)
    assert new
    assert moderators.appoint(creator=bob, user=alice) == (first, False)
    for _ in range(2):
        moderators.dismiss(creator=bob, user=alice)
        assert not moderators.may_moderate(user=alice, creator_id=bob.pk)


def test_creators_do_not_moderate_for_themselves(bob: User) -> None:
    with pytest.raises(moderators.ModerateYourself):
        moderators.appoint(creator=bob, user=bob)
    with pytest.raises(IntegrityError), transaction.atomic():
        Moderator.objects.create(creator=bob, user=bob)


def test_only_creators_have_moderators(alice: User, carol: User) -> None:
    with pytest.raises(NotACreator):
        moderators.appoint(creator=alice, user=carol)
    with pytest.raises(NotACreator):
        moderators.dismiss(creator=alice, user=carol)


def test_the_list_has_an_end(bob: User, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderators, "MOST_MODERATORS", 2)
    for name in ("dan", "eve"):
        moderators.appoint(creator=bob, user=person(name))
    with pytest.raises(moderators.TooManyModerators) as refused:
        moderators.appoint(creator=bob, user=alice)
    assert refused.value.detail == "You already have 2 moderators. Remove one first."


def test_the_page_adds_and_removes(bob: User, alice: User) -> None:
    client = signed_in(bob)
    page = reverse("studio:moderators")
    assert "No moderators yet" in client.get(page).content.decode()
    assert client.post(page, {"handle": "@Alice"}).status_code == 302
    assert "@alice" in client.get(page).content.decode()
    refused = client.post(page, {"handle": "bob"})
    assert (refused.status_code, "add yourself as a moderator." in refused.content.decode()) == (
        422,
        True,
    )
    client.post(reverse("studio:dismiss", args=["alice"]))
    assert not moderators.may_moderate(user=alice, creator_id=bob.pk)
    assert signed_in(alice).get(page)["X-Error-Code"] == "not_a_creator"


# --- Taking words away


def test_hiding_a_line_is_published_once_and_the_line_is_gone(
    eve: User, alice: User, stream: Stream
) -> None:
    line, other = say(alice, stream, "Rude words"), say(alice, stream, "Kind words")
    for _ in range(2):
        hiding.hide_line(by=eve, line=line)
    told = stream.events.filter(kind="hide")
    assert [event.payload for event in told] == [{"event": line.pk}]
    assert [shown.pk for shown in opening(stream).lines] == [other.pk]
    hidden = Hidden.objects.get()
    assert (hidden.by, hidden.words) == (eve, "Rude words")  # for staff, who are asked about it


def test_no_replay_has_a_hidden_line(eve: User, alice: User, stream: Stream) -> None:
    hiding.hide_line(by=eve, line=say(alice, stream, "Rude words"))
    told = Client().get(f"/api/v1/streams/{stream.public_id}/events/").json()["events"]
    assert [event["kind"] for event in told] == ["chat", "hide"]
    assert "Rude words" not in str(told)


def test_a_stranger_hides_nothing(carol: User, alice: User, stream: Stream) -> None:
    line = say(alice, stream, "Hello")
    with pytest.raises(moderators.NotAModerator) as refused:
        hiding.hide_line(by=carol, line=line)
    assert refused.value.detail == (
        "Only @bob and their moderators can do this. Ask them to add you."
    )
    answer = signed_in(carol).post(reverse("studio:hide_line", args=[line.pk]))
    assert answer.status_code == 404
    assert not Hidden.objects.exists()


def test_a_dismissed_moderator_hides_nothing(
    bob: User, eve: User, alice: User, stream: Stream
) -> None:
    line = say(alice, stream, "Hello")
    moderators.dismiss(creator=bob, user=eve)
    with pytest.raises(moderators.NotAModerator):
        hiding.hide_line(by=eve, line=line)


def test_what_the_creator_said_is_the_creators(bob: User, eve: User, stream: Stream) -> None:
    line = say(bob, stream, "Welcome")
    with pytest.raises(hiding.HidesTheCreator):
        hiding.hide_line(by=eve, line=line)
    hiding.hide_line(by=bob, line=line)
    assert not opening(stream).lines


def test_the_press_in_the_menu(eve: User, alice: User, stream: Stream) -> None:
    line = say(alice, stream, "Hello")
    client = signed_in(eve)
    address = reverse("studio:hide_line", args=[line.pk])
    assert client.get(address).status_code == 405
    assert client.post(address, headers={"HX-Request": "true"}).status_code == 204
    plain = client.post(address)
    assert plain["Location"] == reverse("studio:moderate", args=[stream.public_id])


def test_hidden_is_a_line_or_a_gift(bob: User, stream: Stream) -> None:
    for wrong in ({}, {"event_id": 1, "gift": uuid.uuid4()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hidden.objects.create(stream=stream, by=bob, **wrong)


# --- Keeping people out


def test_a_moderator_blocks_for_the_creator(
    bob: User, eve: User, alice: User, stream: Stream
) -> None:
    line = say(alice, stream, "Hello")
    address = reverse("studio:block_author", args=[line.pk])
    assert signed_in(eve).post(address, {"block": "1"}).status_code == 302
    made = Block.objects.get()
    assert (made.creator, made.user, made.by) == (bob, alice, eve)
    signed_in(eve).post(address, {"block": "0"})
    assert not Block.objects.exists()


def test_moderators_do_not_block_each_other_nor_the_creator(
    bob: User, eve: User, alice: User, stream: Stream
) -> None:
    moderators.appoint(creator=bob, user=alice)
    with pytest.raises(moderators.BlocksAModerator):
        moderators.block(by=eve, creator=bob, user=alice)
    with pytest.raises(blocks.BlockYourself):
        moderators.block(by=eve, creator=bob, user=bob)
    assert moderators.block(by=bob, creator=bob, user=alice)[1]


def test_a_moderator_cannot_unblock_whom_the_creator_blocked(
    bob: User, eve: User, alice: User, stream: Stream
) -> None:
    line = say(alice, stream, "Hello")
    blocks.block(creator=bob, user=alice)
    address = reverse("studio:block_author", args=[line.pk])
    answer = signed_in(eve).post(address, {"block": "0"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["X-Error-Code"]) == (403, "unblocks_for_the_creator")
    assert Block.objects.exists()
    signed_in(bob).post(address, {"block": "0"})
    assert not Block.objects.exists()


def test_a_moderator_of_another_room_cannot_block_here(eve: User, alice: User, carol: User) -> None:
    carol.is_creator = True
    carol.save()
    Creator.objects.create(user=carol)
    with pytest.raises(moderators.NotAModerator):
        moderators.block(by=eve, creator=carol, user=alice)


# --- The API


def test_the_api_asks_lists_and_dismisses(bob: User, alice: User) -> None:
    client = signed_in(bob)
    one = "/api/v1/me/moderators/alice/"
    made = client.put(one)
    assert (made.status_code, made.json()["handle"]) == (201, "alice")
    assert client.put(one).status_code == 200
    assert client.get("/api/v1/me/moderators/").json() == {"moderators": [made.json()]}
    assert [client.delete(one).status_code for _ in range(2)] == [204, 204]
    assert client.put("/api/v1/me/moderators/bob/").json()["code"] == "moderate_yourself"
    assert signed_in(alice).get("/api/v1/me/moderators/").status_code == 403


def test_the_api_hides_a_line(eve: User, alice: User, carol: User, stream: Stream) -> None:
    line = say(alice, stream, "Hello")
    address = f"/api/v1/streams/{stream.public_id}/lines/{line.pk}/hide/"
    assert signed_in(carol).post(address).json()["code"] == "not_a_moderator"
    assert [signed_in(eve).post(address).status_code for _ in range(2)] == [204, 204]
    assert Hidden.objects.count() == 1
