"""Going live, chat, following: what is refused, and the events that the room gets."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from accounts.creators import NotACreator
from accounts.models import User
from live import tasks
from live.chat import messages
from live.feed import pubsub
from live.models import Event, Follow, Notice, Stream
from live.streams import services

pytestmark = pytest.mark.django_db


def test_a_fan_cannot_go_live(alice: User) -> None:
    with pytest.raises(NotACreator):
        services.go_live(creator=alice, title="Mine")
    with pytest.raises(NotACreator):
        services.schedule(
            creator=alice, title="Mine", scheduled_for=timezone.now() + timedelta(hours=1)
        )


def test_one_broadcast_at_a_time(bob: User, stream: Stream) -> None:
    with pytest.raises(services.AlreadyOnAir):
        services.go_live(creator=bob, title="Another")
    services.end(creator=bob, stream=stream)
    assert services.go_live(creator=bob, title="Another").is_on_air


def test_ending_is_published_once(bob: User, stream: Stream) -> None:
    services.end(creator=bob, stream=stream)
    services.end(creator=bob, stream=stream)
    assert stream.events.filter(kind="ended").count() == 1


def test_a_creator_cannot_end_another_stream(carol: User, stream: Stream) -> None:
    with pytest.raises(Stream.DoesNotExist):
        services.end(creator=carol, stream=stream)
    stream.refresh_from_db()
    assert stream.is_on_air


def test_announced_stream_starts_once_and_its_time_lies_ahead(bob: User) -> None:
    with pytest.raises(services.InThePast):
        services.schedule(creator=bob, title="Tea", scheduled_for=timezone.now())
    soon = services.schedule(
        creator=bob, title="Tea", scheduled_for=timezone.now() + timedelta(hours=1)
    )
    with pytest.raises(services.NotOnAirYet):
        messages.say(user=bob, stream=soon, text="Hello?")
    services.start(creator=bob, stream=soon)
    services.start(creator=bob, stream=soon)
    assert soon.events.filter(kind="started").count() == 1
    services.end(creator=bob, stream=soon)
    with pytest.raises(services.StreamEnded):
        services.start(creator=bob, stream=soon)


def test_said_is_written_for_the_room(alice: User, stream: Stream) -> None:
    event = messages.say(user=alice, stream=stream, text="  Hello \n  harbour ")
    assert event.kind == "chat"
    assert event.payload["text"] == "Hello harbour"
    assert event.payload["from"] == "Alice"
    assert not event.payload["creator"]


def test_message_is_short_and_not_empty(alice: User, stream: Stream) -> None:
    with pytest.raises(messages.EmptyMessage):
        messages.say(user=alice, stream=stream, text=" \n ")
    with pytest.raises(messages.MessageTooLong):
        messages.say(user=alice, stream=stream, text="a" * 201)
    assert not Event.objects.exists()
    messages.say(user=alice, stream=stream, text="a" * 200)


def test_one_message_a_second_each(alice: User, bob: User, stream: Stream) -> None:
    cache.clear()
    messages.say(user=alice, stream=stream, text="One")
    with pytest.raises(messages.TooFast):
        messages.say(user=alice, stream=stream, text="Two")
    messages.say(user=bob, stream=stream, text="Mine")
    cache.set(f"said:{alice.pk}", cache.get(f"said:{alice.pk}") - 1)
    messages.say(user=alice, stream=stream, text="Two")
    assert Event.objects.filter(kind="chat").count() == 3


def test_ended_stream_is_silent(alice: User, bob: User, stream: Stream) -> None:
    services.end(creator=bob, stream=stream)  # the caller's copy still says on air
    with pytest.raises(services.StreamEnded):
        messages.say(user=alice, stream=stream, text="Anybody?")


def test_followers_get_one_email(alice: User, bob: User, carol: User) -> None:
    services.follow(user=alice, creator=bob)
    services.follow(user=alice, creator=bob)
    services.follow(user=bob, creator=bob)
    assert Follow.objects.count() == 1
    services.go_live(creator=bob, title="Tea")
    tasks.send_notices()
    tasks.send_notices()
    assert [message.to for message in mail.outbox] == [[alice.email]]
    assert "Tea" in mail.outbox[0].subject
    assert "/live/" in mail.outbox[0].body


def test_no_email_after_unfollowing_or_when_it_is_over(alice: User, bob: User) -> None:
    services.follow(user=alice, creator=bob)
    services.unfollow(user=alice, creator=bob)
    services.end(creator=bob, stream=services.go_live(creator=bob, title="Tea"))
    services.follow(user=alice, creator=bob)
    services.end(creator=bob, stream=services.go_live(creator=bob, title="Bread"))
    tasks.send_notices()
    assert mail.outbox == []
    assert not Notice.objects.filter(sent_at=None).exists()


def test_worker_that_died_gives_its_notices_back(alice: User, bob: User) -> None:
    services.follow(user=alice, creator=bob)
    services.go_live(creator=bob, title="Tea")
    assert len(tasks.claim()) == 1  # and dies here
    tasks.send_notices()
    assert mail.outbox == []
    Notice.objects.update(due_at=timezone.now())
    tasks.send_notices()
    assert len(mail.outbox) == 1


def test_only_creators_are_followed(alice: User, carol: User) -> None:
    with pytest.raises(NotACreator):
        services.follow(user=alice, creator=carol)


def test_a_broken_callback_spoils_nothing_that_is_committed(alice: User, stream: Stream) -> None:
    cache.clear()
    heard: list[int] = []

    def broken(*_: object) -> None:
        raise RuntimeError("the loop is closed")

    def callback(event: pubsub.Published) -> None:
        heard.append(event.event_id)

    pubsub.subscribe(broken)
    pubsub.subscribe(callback)
    try:
        pubsub.send(stream.pk, 7, "chat", {})
    finally:
        pubsub.unsubscribe(broken)
        pubsub.unsubscribe(callback)
    assert heard == [7]
