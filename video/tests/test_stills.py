"""Stills of what is live: drawn now and then, shown where no other picture is, two kept."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Creator, User
from live.models import Stream
from live.streams import services as streams
from live.tests.subscribing import wait_for
from video import broadcasts
from video.ingest import intake
from video.models import Broadcast
from video.tests.stage import Ingest, fetch, folder_of, newest, pushing

OWN = f"people/{'ab' * 20}.webp"
NAME = "still-00000003.jpg"


def live(creator: User) -> Broadcast:
    broadcast = broadcasts.connect(creator=creator, source=Broadcast.Source.RTMP)
    return broadcasts.show(broadcast=broadcast, width=1280, height=720)


def poster_of(broadcast: Broadcast) -> str:
    return Stream.objects.for_cards().get(broadcasts=broadcast).poster_url


def test_what_is_live_is_drawn_again_and_again(
    ingest: Ingest, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "STILL_S", 0.2)
    with pushing(ingest.url(key)):
        broadcast = newest("live")
        wait_for(lambda: poster_of(broadcast) != "")
        first = poster_of(broadcast)
        shown = fetch(first)
        assert shown.headers["content-type"] == "image/jpeg"
        assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert shown.body.startswith(b"\xff\xd8\xff")
        wait_for(lambda: fetch(first).status == 404)
        assert len(list(folder_of(broadcast).glob("*.jpg"))) <= 3  # one of them unfinished
        assert fetch(poster_of(broadcast)).status == 200


@pytest.mark.django_db
def test_a_picture_that_was_chosen_stays(bob: User) -> None:
    broadcast = live(bob)
    broadcasts.show_still(broadcast=broadcast, name=NAME)
    assert poster_of(broadcast) == f"/video/{broadcast.folder}/{NAME}"
    Creator.objects.filter(user=bob).update(poster=OWN)
    assert OWN in poster_of(broadcast)
    Stream.objects.update(poster="live/posters/night-guitar.svg")
    assert "night-guitar" in poster_of(broadcast)


@pytest.mark.django_db
def test_none_is_shown_of_a_stream_for_adults_or_one_that_is_over(bob: User) -> None:
    broadcast = live(bob)
    broadcasts.show_still(broadcast=broadcast, name=NAME)
    assert broadcast.stream
    streams.change(creator=bob, stream=broadcast.stream, adults_only=True)
    assert poster_of(broadcast) == ""
    streams.change(creator=bob, stream=broadcast.stream, adults_only=False)
    streams.end(creator=bob, stream=broadcast.stream)
    assert poster_of(broadcast) == ""


@pytest.mark.django_db
def test_a_broadcast_that_is_over_shows_nothing_new(bob: User) -> None:
    old = live(bob)
    new = live(bob)
    broadcasts.show_still(broadcast=old, name=NAME)
    assert poster_of(new) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("still", ["../secret.jpg", "x" * 64, f"{'0' * 32}/{NAME}/..", "/etc"])
def test_the_table_knows_only_names_of_ours(stream: Stream, still: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Stream.objects.update(still=still)
