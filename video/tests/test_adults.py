"""Replays and clips of streams for adults are for whom the stream was."""

import pytest
from django.test import Client

from accounts.models import User
from live.models import Stream
from live.streams import services as streams
from live.streams.adults import AdultsOnly
from live.tests.adults import of_sixteen
from video import broadcasts
from video.clips import rights, services
from video.models import Broadcast, Clip
from video.replays.rules import set_rules
from video.tests.replays.stage import replayed
from video.troubles import Trouble

pytestmark = pytest.mark.django_db


@pytest.fixture
def clip(bob: User) -> Clip:
    """A clip of a replay for adults, ready."""
    stream = replayed(bob).stream
    made = services.make(by=bob, stream=stream, at=1, title="The glaze", seconds=5)
    Stream.objects.update(adults_only=True)
    Clip.objects.update(state=Clip.State.READY)
    set_rules(creator=bob, keep_replays=True, clips_by="everybody")
    made.refresh_from_db()
    return made


def test_none_is_shown_to_whom_the_stream_was_not_for(alice: User, clip: Clip) -> None:
    of_stream, of_clip = clip.stream.public_id, clip.public_id
    parts = (
        f"/live/{of_stream}/",
        f"/live/{of_stream}/replay/",
        f"/clips/{of_clip}/",
        f"/clips/{of_clip}/state/",
        f"/api/v1/streams/{of_stream}/replay/",
        f"/api/v1/streams/{of_stream}/replay/events/",
        f"/api/v1/clips/{of_clip}/",
    )
    lists = ("/api/v1/people/bob/replays/", "/api/v1/people/bob/clips/")
    for someone in (None, of_sixteen(), alice):
        client = Client()
        if someone:
            client.force_login(someone)
        refused = {client.get(part).status_code for part in parts} == {403}
        urls = [client.get(one).json()[0]["url"] for one in lists]
        assert refused == (someone != alice)
        assert [bool(url) for url in urls] == [someone == alice] * len(lists)


def test_what_is_not_for_everybody_is_kept_by_no_proxy(alice: User, clip: Clip) -> None:
    client = Client()
    client.force_login(alice)
    sent = client.get(f"/api/v1/streams/{clip.stream.public_id}/replay/events/")
    assert sent["Cache-Control"] == "private, max-age=5"


def test_video_gets_another_address_when_its_stream_becomes_one_for_adults(bob: User) -> None:
    def live() -> Broadcast:
        broadcast = broadcasts.connect(creator=bob, source=Broadcast.Source.RTMP)
        return broadcasts.show(broadcast=broadcast, width=1280, height=720)

    before = live()
    assert before.stream
    streams.change(creator=bob, stream=before.stream, adults_only=True)
    assert broadcasts.beat([before.pk]) == {before.pk: Trouble.LINE_CUT}
    after = live()
    assert after.stream == before.stream
    assert after.folder != before.folder
    assert broadcasts.beat([after.pk]) == {}


def test_a_minor_makes_no_clip_of_it(clip: Clip) -> None:
    with pytest.raises(AdultsOnly):
        rights.require_clipper(of_sixteen(), clip.stream)
