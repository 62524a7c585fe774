"""The tray of one fan: confirmation, the sender's name, locks, and undo."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import give_coins
from gifts.models import Gift, GiftPolicy, SentGift
from gifts.sending.services import send_gift, undo_gift
from gifts.tests.tray.pages import HTMX, tray
from live.models import Event, RoomRules, Stream

pytestmark = pytest.mark.django_db


def tile(page: str, slug: str) -> str:
    return page.split(f'data-slug="{slug}"')[1].split("data-tile ", maxsplit=1)[0]


def press(client: Client, stream: Stream, **fields: object) -> tuple[int, str]:
    """Press as a script does; return status and code."""
    data = {"gift": "moss-frog", "key": str(uuid.uuid4()), **fields}
    url = reverse("gifts:send", args=[stream.public_id])
    answer = client.post(url, data, headers=HTMX)
    return answer.status_code, answer.headers.get("X-Error-Code", "")


def fill_in(client: Client, stream: Stream, **fields: object) -> str:
    """Send the plain form, as a page without scripts does; return the page that comes."""
    data = {"gift": "moss-frog", "key": str(uuid.uuid4()), **fields}
    url = reverse("gifts:send", args=[stream.public_id])
    return client.post(url, data, follow=True).content.decode()


def shown_of(page: str) -> str:
    found = re.search(r'name="shown" value="(\w+)" checked', page)
    return found[1] if found else ""


# --- Asked from when --------------------------------------------------------------------------


def test_the_fans_own_threshold_holds_below_the_sites(
    as_alice: Client, alice: User, stream: Stream
) -> None:
    assert 'data-asks-from="500"' in tray(as_alice, stream)
    assert press(as_alice, stream) == (201, "")
    User.objects.filter(pk=alice.pk).update(confirm_from_coins=25)
    assert 'data-asks-from="25"' in tray(as_alice, stream)
    assert press(as_alice, stream) == (409, "confirm_first")
    assert press(as_alice, stream, confirmed="1") == (201, "")
    assert press(as_alice, stream, gift="lucky-button") == (201, "")


def test_the_sites_threshold_holds_below_the_fans(
    as_alice: Client, alice: User, stream: Stream
) -> None:
    User.objects.filter(pk=alice.pk).update(confirm_from_coins=1_000)
    assert 'data-asks-from="500"' in tray(as_alice, stream)
    assert press(as_alice, stream, gift="tide-hello") == (409, "confirm_first")
    GiftPolicy.objects.update_or_create(pk=1, defaults={"confirm_from_coins": 20})
    assert 'data-asks-from="20"' in tray(as_alice, stream)
    assert press(as_alice, stream) == (409, "confirm_first")


def test_the_largest_gift_asks_a_plain_form_twice(
    as_alice: Client, alice: User, stream: Stream
) -> None:
    give_coins(alice, 25_000)
    Gift.objects.filter(slug="new-horizon").update(confirm_twice=True)
    key = str(uuid.uuid4())
    once = fill_in(as_alice, stream, gift="new-horizon", key=key)
    assert "Send New Horizon for €289.75 (25,000 coins)" in once
    assert 'name="asked" value="1"' in once
    assert 'name="confirmed"' not in once
    twice = fill_in(as_alice, stream, gift="new-horizon", key=key, asked="1")
    assert "This is a large gift, so please check again" in twice
    assert 'name="confirmed" value="1"' in twice
    assert not SentGift.objects.exists()
    fill_in(as_alice, stream, gift="new-horizon", key=key, confirmed="1")
    assert SentGift.objects.get().coins == 25_000


def test_what_asks_twice_says_so_and_is_held(as_alice: Client, stream: Stream) -> None:
    Gift.objects.filter(slug="moss-frog").update(confirm_twice=True)
    page = tray(as_alice, stream)
    assert " data-hold data-twice" in tile(page, "moss-frog")
    assert "data-twice" not in tile(page, "storm-choir")
    assert "data-hold-button" in tile(page, "storm-choir")
    assert "data-hold" not in tile(page, "tide-hello")


# --- Under which name -------------------------------------------------------------------------


def test_the_tray_shows_the_name_as_it_is_kept(
    as_alice: Client, alice: User, stream: Stream
) -> None:
    assert shown_of(tray(as_alice, stream)) == "everywhere"
    User.objects.filter(pk=alice.pk).update(private_supporter=True)
    page = tray(as_alice, stream)
    assert shown_of(page) == "room"
    assert 'data-kept="room"' in page


@pytest.mark.parametrize(
    ("shown", "name", "private", "kept"),
    [
        ("everywhere", "Alice", False, False),
        ("room", "Alice", True, True),
        ("nowhere", None, True, False),
        ("", "Alice", False, False),
    ],
)
def test_a_plain_form_chooses_the_name_before_it_sends(
    as_alice: Client,
    alice: User,
    stream: Stream,
    shown: str,
    name: str | None,
    private: bool,
    kept: bool,
) -> None:
    fill_in(as_alice, stream, shown=shown)
    payload = Event.objects.get(kind="gift").payload
    assert (payload["from"], payload["private"]) == (name, private)
    alice.refresh_from_db()
    assert alice.private_supporter is kept


def test_a_choice_that_is_none_sends_nothing(as_alice: Client, stream: Stream) -> None:
    assert press(as_alice, stream, shown="sideways") == (422, "check_input")
    assert not SentGift.objects.exists()


# --- What cannot go ---------------------------------------------------------------------------


def test_a_locked_gift_says_why_and_has_nothing_to_press(as_alice: Client, stream: Stream) -> None:
    Gift.objects.filter(slug="moss-frog").update(countries=["JP"])
    page = tile(tray(as_alice, stream), "moss-frog")
    assert (
        'data-locked="Moss Frog isn&#x27;t available where you live. Choose another gift."' in page
    )
    assert "tile__send" not in page
    assert "tile__send" in tile(tray(as_alice, stream), "pebble")
    assert press(as_alice, stream)[1] == "gift_not_here"


def test_a_message_is_as_long_as_its_gift_allows_and_is_kept_when_refused(
    as_alice: Client, stream: Stream
) -> None:
    most = Gift.objects.get(slug="pebble").message_length
    assert f'data-message="{most}"' in tile(tray(as_alice, stream), "pebble")
    assert press(as_alice, stream, gift="pebble", message="x" * most) == (201, "")
    typed = "y" * (most + 1)
    page = fill_in(as_alice, stream, gift="pebble", message=typed)
    assert f'value="{typed}"' in page
    assert 'value="pebble" id="gift-pebble" required checked' in page
    assert "Your message is" in page
    assert press(as_alice, stream, message="x" * 5_000) == (422, "bad_message")
    assert SentGift.objects.count() == 1


def test_a_room_without_words_says_so_on_every_tile(as_alice: Client, stream: Stream) -> None:
    RoomRules.objects.create(creator=stream.creator, gift_messages=False)
    page = tray(as_alice, stream)
    assert page.count('data-message="0"') == 24
    assert "Bob doesn't accept messages" in page
    assert press(as_alice, stream, message="Hello")[1] == "messages_off"
    assert press(as_alice, stream) == (201, "")


# --- What became of it ------------------------------------------------------------------------


def test_what_can_still_be_taken_back_is_there_after_a_reload(
    as_alice: Client, alice: User, carol: User, stream: Stream
) -> None:
    now = send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift
    back = send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift
    undo_gift(fan=alice, key=back.public_id)
    long_ago = timezone.now() - timedelta(seconds=30)
    late = send_gift(
        fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), sent_at=long_ago
    ).gift
    page = tray(as_alice, stream)
    assert reverse("gifts:undo", args=[now.public_id]) in page
    assert 'data-whole="5000"' in page
    for gone in (back, late):
        assert str(gone.public_id) not in page
    other = Client()
    other.force_login(carol)
    assert str(now.public_id) not in tray(other, stream)


def test_only_the_sender_learns_which_presses_arrived(
    as_alice: Client, alice: User, carol: User, stream: Stream
) -> None:
    key, never = uuid.uuid4(), uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=key)
    ask = reverse("gifts:known")
    told = as_alice.get(ask, {"key": [str(key), str(never)]})
    left = ledger.balance("coins", "COIN", alice.pk)
    assert told.json() == {"sent": [str(key)], "balance": left}
    assert "no-store" in told["Cache-Control"]
    other = Client()
    other.force_login(carol)
    assert other.get(ask, {"key": [str(key)]}).json()["sent"] == []
    assert as_alice.get(ask).json() == {"sent": [], "balance": left}
    assert Client().get(ask).status_code == 302


@pytest.mark.parametrize("keys", [["17"], [str(uuid.uuid4())] * 51])
def test_what_are_no_keys_is_not_looked_up(as_alice: Client, keys: list[str]) -> None:
    answer = as_alice.get(reverse("gifts:known"), {"key": keys}, headers=HTMX)
    assert (answer.status_code, answer["X-Error-Code"]) == (400, "check_input")
