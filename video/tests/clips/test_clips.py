"""Clips by their rows: who makes, sees, deletes and takes them down, and how many there may be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Scope, User
from conftest import api_key
from foundation.errors import DomainError
from live.chat.words import Filtered, block_word
from live.models import Stream
from live.moderation import blocks
from live.moderation.moderators import appoint
from live.streams.services import follow
from video import broadcasts
from video.clips import services
from video.clips.rights import FollowToClip, MayNotClip
from video.models import Broadcast, Clip, Replay
from video.replays.recording import folders_needed
from video.replays.rules import set_rules
from video.replays.services import ReasonMissing, forget
from video.tests.replays.stage import BEGAN, replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
def stream(bob: User) -> Stream:
    return replayed(bob, (0, 100), (130, 100)).stream


def clipped(by: User, stream: Stream, at: float | None = 10, **how: object) -> Clip:
    facts: dict[str, object] = {"title": "The glaze", "seconds": 30, **how}
    return services.make(by=by, stream=stream, at=at, **facts)  # type: ignore[arg-type]  # as tests say


def test_a_clip_of_a_replay_shows_what_was_there(bob: User, stream: Stream) -> None:
    broadcast = Broadcast.objects.get()
    clip = clipped(bob, stream, at=110)
    assert clip.broadcast == broadcast
    assert clip.began == BEGAN + timedelta(seconds=140)  # ten seconds behind the cut
    assert clip.state == "waiting"


def test_a_clip_of_what_is_live_shows_the_last_seconds(bob: User) -> None:
    broadcast = broadcasts.connect(creator=bob, source=Broadcast.Source.RTMP)
    broadcast = broadcasts.show(broadcast=broadcast, width=1280, height=720)
    assert broadcast.stream
    clip = clipped(bob, broadcast.stream, at=None)
    assert clip.broadcast == broadcast
    assert timedelta(seconds=29) < timezone.now() - clip.began < timedelta(seconds=90)


def appointed(bob: User, alice: User) -> None:
    appoint(creator=bob, user=alice)


def followed(bob: User, alice: User) -> None:
    follow(user=alice, creator=bob)


@pytest.mark.parametrize(
    ("rule", "prepare", "refusal"),
    [
        ("nobody", appointed, MayNotClip),
        ("moderators", followed, MayNotClip),
        ("moderators", appointed, None),
        ("followers", None, FollowToClip),
        ("followers", followed, None),
        ("followers", appointed, None),
        ("everybody", None, None),
    ],
)
def test_the_creator_says_who_makes_clips(
    bob: User,
    alice: User,
    stream: Stream,
    rule: str,
    prepare: Callable[[User, User], None] | None,
    refusal: type[DomainError] | None,
) -> None:
    set_rules(creator=bob, keep_replays=True, clips_by=rule)
    if prepare:
        prepare(bob, alice)
    if refusal:
        with pytest.raises(refusal):
            clipped(alice, stream)
        assert not Clip.objects.exists()
    else:
        assert clipped(alice, stream).by == alice
    assert clipped(bob, stream).by == bob  # whatever the rule is


def test_a_blocked_person_makes_none(bob: User, alice: User, stream: Stream) -> None:
    set_rules(creator=bob, keep_replays=True, clips_by="everybody")
    blocks.block(creator=bob, user=alice)
    with pytest.raises(blocks.Blocked):
        clipped(alice, stream)


@pytest.mark.parametrize("at", [-1, 200, 1e300, float("nan"), float("inf"), 360_000])
def test_a_place_that_is_none_is_refused(bob: User, stream: Stream, at: float) -> None:
    with pytest.raises(services.NothingToClip):
        clipped(bob, stream, at=at)


@pytest.mark.parametrize("seconds", [0, -5, 4.9, 60.1, 360_000, float("nan"), float("inf")])
def test_a_length_that_is_none_is_refused(bob: User, stream: Stream, seconds: float) -> None:
    with pytest.raises(services.ClipLength):
        clipped(bob, stream, seconds=seconds)


def test_titles_are_seen_and_hold_no_blocked_word(bob: User, alice: User, stream: Stream) -> None:
    for title in ("", "  ", "\u200b"):
        with pytest.raises(services.ClipUntitled):
            clipped(bob, stream, title=title)
    set_rules(creator=bob, keep_replays=True, clips_by="everybody")
    block_word(creator=bob, word="herring")
    with pytest.raises(Filtered):
        clipped(alice, stream, title="A herring")
    assert len(clipped(alice, stream, title="x" * 500).title) == 80


def test_nothing_is_cut_out_of_what_is_gone(bob: User, stream: Stream) -> None:
    with pytest.raises(services.NothingToClip):
        clipped(bob, stream, at=None)  # it is not live any more
    Replay.objects.update(keep_until=timezone.now())
    with pytest.raises(services.NothingToClip):
        clipped(bob, stream)


def test_so_many_in_ten_minutes(bob: User, stream: Stream) -> None:
    for _ in range(services.MOST):
        clipped(bob, stream)
    with pytest.raises(services.TooManyClips):
        clipped(bob, stream)
    Clip.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    assert clipped(bob, stream)


def test_all_clips_together_take_so_much(bob: User, stream: Stream, settings: Settings) -> None:
    settings.VIDEO_CLIPS_MB = 10
    Clip.objects.filter(pk=clipped(bob, stream).pk).update(size=10 * services.MB)
    with pytest.raises(services.NoRoomForClips):
        clipped(bob, stream)


def ready(clip: Clip) -> Clip:
    Clip.objects.filter(pk=clip.pk).update(state="ready", size=1, has_poster=True)
    clip.refresh_from_db()
    return clip


def test_a_clip_is_made_and_found_on_pages(client: Client, bob: User, stream: Stream) -> None:
    client.force_login(bob)
    address = reverse("video:new_clip", args=[stream.public_id])
    room = client.get(reverse("live:room", args=[stream.public_id])).content.decode()
    assert address in room
    assert "From 0:12 of the replay on." in client.get(f"{address}?at=12.3").content.decode()
    made = client.post(address, {"title": "The glaze", "seconds": "30", "at": "12.3"})
    clip = Clip.objects.get()
    page = reverse("video:clip", args=[clip.public_id])
    assert made["Location"] == page
    assert "being made" in client.get(page).content.decode()
    assert Client().get(page).status_code == 404  # nobody else waits for it
    ready(clip)
    shown = Client().get(page).content.decode()
    assert f'<meta property="og:image" content="http://testserver{clip.poster_url}">' in shown
    assert '<meta property="og:title" content="The glaze">' in shown
    assert "?t=12" in shown
    state = client.get(reverse("video:clip_state", args=[clip.public_id]))
    assert state["HX-Redirect"] == page
    assert page in client.get("/people/bob/").content.decode()
    assert page in client.get(reverse("studio:replays")).content.decode()


@pytest.mark.parametrize(
    "odd",
    [
        {"seconds": "7"},
        {"seconds": "nan"},
        {"at": "nan"},
        {"at": "-3"},
        {"at": "1e400"},
        {"at": "360000"},
        {"title": ""},
        {"seconds": "360000"},
    ],
)
def test_what_a_form_should_not_say_makes_no_clip(
    client: Client, bob: User, stream: Stream, odd: dict[str, str]
) -> None:
    client.force_login(bob)
    sent = {"title": "The glaze", "seconds": "30", "at": "12", **odd}
    answer = client.post(reverse("video:new_clip", args=[stream.public_id]), sent)
    assert answer.status_code == 422
    assert not Clip.objects.exists()


def test_who_made_it_and_whose_stream_it_is_delete_it(
    client: Client, bob: User, alice: User, carol: User, stream: Stream
) -> None:
    set_rules(creator=bob, keep_replays=True, clips_by="everybody")
    for who in (bob, alice):
        clip = ready(clipped(alice, stream))
        assert clip.folder in folders_needed()
        address = reverse("video:delete_clip", args=[clip.public_id])
        client.force_login(carol)
        assert client.post(address).status_code == 404
        client.force_login(who)
        assert client.post(address).status_code == 302
        assert not Clip.objects.exists()
        assert clip.folder not in folders_needed()


def test_the_api_makes_shows_and_deletes(
    client: Client, bob: User, alice: User, carol: User, stream: Stream
) -> None:
    follow(user=alice, creator=bob)
    address = f"/api/v1/streams/{stream.public_id}/clips/"
    as_alice = {"Authorization": f"Token {api_key(alice, Scope.SEND)}"}
    wish = {"title": "The glaze", "seconds": 30, "at": 5}
    made = client.post(address, wish, "application/json", headers=as_alice)
    assert made.status_code == 201
    for odd in ({"at": "x"}, {"seconds": 1e9}, {"title": " "}):
        answer = client.post(address, wish | odd, "application/json", headers=as_alice)
        assert answer.status_code in {400, 422}
    clip = ready(Clip.objects.get())
    told = client.get(f"/api/v1/clips/{clip.public_id}/").json()
    assert (told["by"], told["url"]) == ("alice", f"http://testserver{clip.address}")
    assert client.get("/api/v1/people/bob/clips/").json() == [told]
    own = f"/api/v1/me/clips/{clip.public_id}/"
    as_carol = {"Authorization": f"Token {api_key(carol, Scope.SEND)}"}
    assert client.delete(own, headers=as_carol).status_code == 404
    assert client.delete(own, headers=as_alice).status_code == 204
    assert not Clip.objects.exists()


def test_staff_take_one_down_for_a_reason(
    client: Client, dana: User, bob: User, stream: Stream
) -> None:
    clip = ready(clipped(bob, stream))
    client.force_login(dana)
    chosen = {"action": "take_down", "_selected_action": [clip.pk]}
    listed = reverse("admin:video_clip_changelist")
    client.post(listed, {**chosen, "reason": "It shows a private address."})
    clip.refresh_from_db()
    assert (clip.state, clip.taken_down_by) == ("removed", dana)
    assert clip.folder not in folders_needed()
    assert client.get(reverse("video:clip", args=[clip.public_id])).status_code == 404
    assert client.get(f"/api/v1/clips/{clip.public_id}/").status_code == 404
    client.force_login(bob)
    assert "It shows a private address." in client.get(reverse("studio:replays")).content.decode()
    with pytest.raises(ReasonMissing):
        services.take_down(clip, by=dana, reason=" ")


def test_a_leaving_person_takes_name_and_own_clips_along(
    bob: User, alice: User, stream: Stream
) -> None:
    follow(user=alice, creator=bob)
    clip = ready(clipped(alice, stream))
    forget(alice)
    clip.refresh_from_db()
    assert clip.by is None
    forget(bob)
    assert not Clip.objects.exists()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"title": ""}, "clip_has_a_title"),
        ({"seconds": 0}, "clip_is_short"),
        ({"seconds": 360_000}, "clip_is_short"),
        ({"folder": "../../etc"}, "clip_folder_is_a_plain_name"),
        ({"state": "removed"}, "clip_is_removed_for_a_reason"),
        ({"reason": "No."}, "clip_is_removed_for_a_reason"),
        ({"state": "lost"}, "clip_state_known"),
    ],
)
def test_the_database_refuses_what_cannot_be(
    bob: User, stream: Stream, changes: dict[str, object], constraint: str
) -> None:
    clip = clipped(bob, stream)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Clip.objects.filter(pk=clip.pk).update(**changes)
