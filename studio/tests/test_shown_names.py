"""A creator's blocked words hold for the names of fans wherever their gifts are shown."""

import csv
import io
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Creator, User
from conftest import api_key
from gifts.models import SentGift
from gifts.sending.send import Send
from gifts.sending.services import send_batch, send_gift, thank
from live.chat.words import block_word
from live.models import Event, Stream
from live.moderation import blocks, moderators
from live.streams.services import go_live
from overlay.services import overlay_of
from overlay.state import state_of
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def turnip(alice: User) -> User:
    alice.display_name, alice.handle = "Tuurn1p", "ally"
    alice.save()
    return alice


@pytest.fixture
def theirs(carol: User) -> Stream:
    """Carol on air: a creator with other words."""
    carol.is_creator = True
    carol.save()
    Creator.objects.create(user=carol)
    block_word(creator=carol, word="parsnip")
    return go_live(creator=carol, title="Carol paints")


def gift(fan: User, stream: Stream, **more: object) -> SentGift:
    return send_gift(fan=fan, stream=stream, gift="moss-frog", key=uuid.uuid4(), **more).gift  # type: ignore[arg-type]  # the fields of a send


def event(of: SentGift, kind: str = "gift") -> dict[str, object]:
    payload: dict[str, object] = Event.objects.get(kind=kind, payload__id=str(of.public_id)).payload
    return payload


def names_shown(stream: Stream) -> dict[str, set[str]]:
    """Return the names in each place of a creator's rooms, studio, overlay, file and API."""
    creator = stream.creator
    client = signed_in(creator)
    room = client.get(reverse("live:room", args=[stream.public_id])).content.decode()
    console = client.get(reverse("studio:console")).content.decode()
    home = client.get(reverse("studio:home")).content.decode()
    statement = client.get(reverse("studio:statement_csv"))
    rows = csv.DictReader(io.StringIO(b"".join(statement).decode("utf-8-sig")))
    key = api_key(creator)
    answer = Client().get(reverse("api_statement"), HTTP_AUTHORIZATION=f"Token {key}").json()
    overlay = state_of(overlay_of(creator))
    return {
        "room": set(re.findall(r'data-who>([^<]+)</b> <span class="line__sent">sent', room)),
        "room's thanks": set(re.findall(r"<b data-to>([^<]+)<", room)),
        "supporters": set(re.findall(r'class="grow truncate" data-who>([^<]+)<', room)),
        "console": set(re.findall(r"<b data-who>([^<]+)<", console)) - {"Anonymous"},
        "home": set(re.findall(r'<span class="grow"><span class="strong">([^<]+)<', home)),
        "file": {row["from"] for row in rows},
        "API": {line["sender"] for line in answer["lines"]},
        "overlay's list": {one["name"] for one in overlay["supporters"]},
        "overlay's gifts": {one["from"] for one in overlay["latest"]},
    }


def test_a_name_with_a_blocked_word_is_the_handle_everywhere(
    turnip: User, stream: Stream, theirs: Stream
) -> None:
    block_word(creator=stream.creator, word="turnip")
    mine, other = gift(turnip, stream), gift(turnip, theirs)
    thank(creator=stream.creator, key=mine.public_id)
    thank(creator=theirs.creator, key=other.public_id)
    for place, names in names_shown(stream).items():
        assert names == {"ally"}, place
    for place, names in names_shown(theirs).items():
        assert names == {"Tuurn1p"}, place
    assert [event(mine)[name] for name in ("from", "handle", "private")] == ["ally", "ally", False]
    assert (event(mine, "thanks")["to"], event(other, "thanks")["to"]) == ("ally", "Tuurn1p")


def test_where_the_handle_has_the_word_too_the_gift_is_shown_without_a_name(
    turnip: User, stream: Stream
) -> None:
    User.objects.filter(pk=turnip.pk).update(handle="the_turnip")
    turnip.refresh_from_db()
    block_word(creator=stream.creator, word="turnip")
    mine = gift(turnip, stream, message="For you")
    thank(creator=stream.creator, key=mine.public_id)
    assert names_shown(stream) == {
        "room": {"Anonymous"},
        "room's thanks": {"Anonymous"},
        "supporters": set(),
        "console": set(),
        "home": set(),
        "file": {"Anonymous"},
        "API": {"Anonymous"},
        "overlay's list": set(),
        "overlay's gifts": {None},
    }
    payload = event(mine)
    assert (payload["from"], payload["private"]) == (None, True)
    assert payload["message"] == "For you"
    assert event(mine, "thanks")["to"] is None
    assert mine.coins == SentGift.objects.get().coins


def test_a_word_listed_later_hides_the_name_in_lists_and_leaves_events(
    turnip: User, stream: Stream
) -> None:
    mine = gift(turnip, stream)
    block_word(creator=stream.creator, word="turnip")
    thank(creator=stream.creator, key=mine.public_id)
    published = {"room", "overlay's gifts"}
    for place, names in names_shown(stream).items():
        assert names == {"Tuurn1p" if place in published else "ally"}, place
    assert event(mine)["from"] == "Tuurn1p"


def test_gifts_in_one_statement_are_named_each_by_its_room(
    turnip: User, carol: User, stream: Stream, theirs: Stream
) -> None:
    block_word(creator=stream.creator, word="turnip")
    keys = [uuid.uuid4() for _ in range(3)]
    send_batch(
        [
            Send(fan=turnip, stream=stream, gift="pebble", key=keys[0]),
            Send(fan=turnip, stream=theirs, gift="pebble", key=keys[1]),
            Send(fan=turnip, stream=stream, gift="pebble", key=keys[2], anonymous=True),
        ]
    )
    gifts = [SentGift.objects.get(public_id=key) for key in keys]
    assert [event(one)["from"] for one in gifts] == ["ally", "Tuurn1p", None]
    assert [event(one)["handle"] for one in gifts] == ["ally", "ally", None]


def test_a_name_changed_since_it_was_read_is_not_shown(turnip: User, stream: Stream) -> None:
    block_word(creator=stream.creator, word="turnip")
    stale = User.objects.get(pk=turnip.pk)
    stale.display_name = "Alice"
    assert event(gift(stale, stream))["from"] == "ally"


def people_shown(creator: User) -> dict[str, str]:
    """Return what the creator's lists of people say, on pages and in the API."""
    client = signed_in(creator)
    lists = {name: client.get(reverse(f"studio:{name}")) for name in ("blocked", "moderators")}
    rows = {
        name: re.findall(r'<li class="person-line.*?</form>', page.content.decode(), re.DOTALL)
        for name, page in lists.items()
    }
    # Addresses tell who it is, and are not read.
    said = {name: re.sub(r"<[^>]*>", " ", " ".join(found)) for name, found in rows.items()}
    blocked = client.get("/api/v1/me/blocks/").json()["blocks"]
    helping = client.get("/api/v1/me/moderators/").json()["moderators"]
    return said | {
        "API of blocks": str([one["display_name"] for one in blocked]),
        "API of moderators": str([one["display_name"] for one in helping]),
    }


def test_lists_of_people_show_the_handle_for_a_name_with_a_blocked_word(
    turnip: User, bob: User
) -> None:
    block_word(creator=bob, word="turnip")
    moderators.appoint(creator=bob, user=turnip)
    blocks.block(creator=bob, user=turnip)
    for place, text in people_shown(bob).items():
        assert "ally" in text, place
        assert "Tuurn1p" not in text, place


def test_blocking_a_sender_without_a_name_to_show_tells_no_name(
    turnip: User, bob: User, stream: Stream
) -> None:
    User.objects.filter(pk=turnip.pk).update(handle="the_turnip")
    turnip.refresh_from_db()
    block_word(creator=bob, word="turnip")
    moderators.appoint(creator=bob, user=turnip)
    keys = [gift(turnip, stream, anonymous=nameless).public_id for nameless in (False, True)]
    client = signed_in(bob)
    pressed = [
        client.post(reverse("studio:block_sender", args=[key]), {"block": block}, **more)
        for key in keys
        for block in "101"
        for more in ({"headers": {"HX-Request": "true"}}, {"follow": True})
    ]
    dismissed = client.post(reverse("studio:dismiss", args=["the_turnip"]), follow=True)
    added = client.post(reverse("studio:moderators"), {"handle": "the_turnip"}, follow=True)
    told = [re.sub(r"<[^>]*>", " ", page.content.decode()) for page in (*pressed, dismissed, added)]
    texts = {str(at): text for at, text in enumerate(told)} | people_shown(bob)
    for place, text in texts.items():
        assert not re.search("turnip|tuurn1p", text.lower()), place
    assert all("Anonymous" in texts[name] for name in ("blocked", "moderators"))
    (one,) = client.get("/api/v1/me/moderators/").json()["moderators"]
    assert (one["handle"], one["display_name"]) == ("the_turnip", None)  # it is not for display
    api = [client.put(f"/api/v1/{kind}/the_turnip/") for kind in ("me/blocks", "me/moderators")]
    assert [answer.json()["display_name"] for answer in api] == [None, None]
    assert client.get("/api/v1/me/blocks/the_turnip/").json()["display_name"] is None
    (hidden,) = (one for one in client.get("/api/v1/me/blocks/").json()["blocks"] if one["gift"])
    assert hidden["handle"] is None
