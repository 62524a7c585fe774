"""The tray and what is pressed in it: what is shown, answered, refused."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import ledger
from accounts.models import SpendingLimit, User
from conftest import give_coins
from gifts.models import Gift, SentGift
from gifts.sending.services import send_gift
from gifts.tests.tray.pages import HTMX, tray
from gifts.tray.ways import coins_page, room_with
from live.models import Event, Stream
from live.streams.services import end
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db


def press(client: Client, stream: Stream, **fields: object) -> Any:
    data = {"gift": "moss-frog", "key": str(uuid.uuid4()), **fields}
    return client.post(reverse("gifts:send", args=[stream.public_id]), data, headers=HTMX)


def coins(user: User) -> int:
    return ledger.balance("coins", "COIN", user.pk)


def test_the_tray_shows_coins_money_and_what_the_creator_gets(
    as_alice: Client, stream: Stream
) -> None:
    page = as_alice.get(
        reverse("gifts:tray", args=[stream.public_id]), headers=HTMX
    ).content.decode()
    assert page.count("data-tile ") == 24
    assert "Moss Frog" in page
    assert "Bob</span> gets <b>€0.17</b>" in page
    # A one-coin gift pays less than a cent; two decimals would hide it.
    assert "Bob</span> gets <b>€0.0068</b>" in page
    assert 'data-price="€8.11" data-gets="€4.77"' in page
    assert "Send {gift} for {price} ({coins} coins)? {to} gets {gets}." in page
    assert 'data-balance="5000"' in page
    assert "<html" not in page


def test_the_tray_for_a_visitor_leads_to_sign_in(client: Client, stream: Stream) -> None:
    page = tray(client, stream)
    room = reverse("live:room", args=[stream.public_id])
    assert page.count("data-tile ") == 24
    assert f"{reverse('account_login')}?next={room}" in page
    assert "data-balance" not in page


def test_a_visitors_press_leads_to_sign_in_and_sends_nothing(
    client: Client, stream: Stream
) -> None:
    answer = press(client, stream)
    room = reverse("live:room", args=[stream.public_id])
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert room in answer["Location"]
    assert not SentGift.objects.exists()


def test_a_retired_gift_is_not_on_the_tray(as_alice: Client, stream: Stream) -> None:
    Gift.objects.filter(slug="moss-frog").update(retired_at=timezone.now())
    page = as_alice.get(
        reverse("gifts:tray", args=[stream.public_id]), headers=HTMX
    ).content.decode()
    assert "Moss Frog" not in page


def test_a_press_sends_and_offers_to_undo(as_alice: Client, alice: User, stream: Stream) -> None:
    key = uuid.uuid4()
    answer = press(as_alice, stream, key=str(key), message="Play on!")
    assert answer.status_code == 201
    assert answer["HX-Trigger"] == "balance:changed"
    page = answer.content.decode()
    assert reverse("gifts:undo", args=[key]) in page
    assert 'data-balance-now="4975"' in page
    assert SentGift.objects.get(public_id=key).message == "Play on!"
    assert press(as_alice, stream, key=str(key), message="Play on!").status_code == 201
    assert coins(alice) == 4_975


def test_without_scripts_a_press_leads_back_with_an_undo_button(
    as_alice: Client, stream: Stream
) -> None:
    key = str(uuid.uuid4())
    url = reverse("gifts:send", args=[stream.public_id])
    page = as_alice.post(url, {"gift": "moss-frog", "key": key}, follow=True)
    text = page.content.decode()
    assert page.redirect_chain
    assert "Moss Frog sent for €0.29 (25 coins)." in text
    assert reverse("gifts:undo", args=[key]) in text
    back = as_alice.post(reverse("gifts:undo", args=[key]))
    assert back["Location"] == reverse("live:room", args=[stream.public_id])
    assert SentGift.objects.get(public_id=key).undone_at


def test_nobody_else_sees_what_was_just_sent(as_alice: Client, carol: User, stream: Stream) -> None:
    key = str(uuid.uuid4())
    press(as_alice, stream, key=key)
    other = Client()
    other.force_login(carol)
    page = other.get(reverse("gifts:tray", args=[stream.public_id]), {"sent": key})
    assert reverse("gifts:undo", args=[key]) not in page.content.decode()
    assert (
        other.get(reverse("gifts:tray", args=[stream.public_id]), {"sent": "x"}).status_code == 200
    )


def test_a_large_gift_asks_first_then_sends_with_the_same_key(
    as_alice: Client, alice: User, stream: Stream
) -> None:
    key = str(uuid.uuid4())
    url = reverse("gifts:send", args=[stream.public_id])
    asked = as_alice.post(url, {"gift": "tide-hello", "key": key, "message": "Hello"})
    text = asked.content.decode()
    assert (asked.status_code, asked["X-Error-Code"]) == (409, "confirm_first")
    assert "Send Tide Hello for €8.11 (700 coins)?" in text
    assert "Bob gets €4.77." in text
    assert key in text
    assert coins(alice) == 5_000
    sent = as_alice.post(url, {"gift": "tide-hello", "key": key, "confirmed": "1"})
    assert sent.status_code == 302
    assert coins(alice) == 4_300


def too_few(alice: User, stream: Stream) -> dict[str, object]:
    return {"gift": "new-horizon", "confirmed": "1"}


def retired(alice: User, stream: Stream) -> dict[str, object]:
    Gift.objects.filter(slug="moss-frog").update(retired_at=timezone.now())
    return {}


def ended(alice: User, stream: Stream) -> dict[str, object]:
    end(creator=stream.creator, stream=stream)
    return {}


def gifts_off(alice: User, stream: Stream) -> dict[str, object]:
    stream.creator.creator.accepts_gifts = False
    stream.creator.creator.save()
    return {}


def own_limit(alice: User, stream: Stream) -> dict[str, object]:
    SpendingLimit.objects.create(user=alice, span="day", coins=20)
    return {}


def new_fan(alice: User, stream: Stream) -> dict[str, object]:
    alice.date_joined = timezone.now()
    alice.save()
    return {"gift": "storm-choir", "confirmed": "1"}


def used_key(alice: User, stream: Stream) -> dict[str, object]:
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="pebble", key=key)
    return {"key": str(key)}


Arrange = Callable[[User, Stream], dict[str, object]]
REFUSED: list[tuple[Arrange, int, str, str]] = [
    (too_few, 409, "insufficient_coins", "You have 5,000 coins. This gift needs 25,000."),
    (retired, 410, "gift_retired", "Moss Frog is no longer available."),
    (
        ended,
        410,
        "stream_ended",
        "This stream has ended. You were not charged any coins. See who is live now.",
    ),
    (gifts_off, 409, "gifts_off", "This creator isn&#x27;t accepting gifts right now."),
    (
        own_limit,
        409,
        "over_spending_limit",
        "Your spending limit is 20 coins a day. You have sent 0.",
    ),
    (new_fan, 409, "over_limit", "In your first 7 days, a gift can be up to 2,000 coins."),
    (used_key, 422, "key_reused", "This key was already used for something else."),
    (lambda a, s: {"gift": "no-such"}, 404, "unknown_gift", "This gift doesn&#x27;t exist."),
    (lambda a, s: {"quantity": "0"}, 422, "bad_quantity", "You can send 1 to 99 at a time."),
    (lambda a, s: {"quantity": "-3"}, 422, "bad_quantity", "You can send 1 to 99 at a time."),
    (lambda a, s: {"quantity": "100"}, 422, "bad_quantity", "You can send 1 to 99 at a time."),
    (lambda a, s: {"gift": "tide-hello"}, 409, "confirm_first", "Tide Hello costs 700 coins."),
    (lambda a, s: {"gift": ""}, 422, "check_input", "Choose a gift first."),
    (lambda a, s: {"key": ""}, 422, "check_input", "This request has no key."),
    (lambda a, s: {"key": "17"}, 422, "check_input", "This request has no key."),
]


@pytest.mark.parametrize(("arrange", "status", "code", "sentence"), REFUSED)
def test_a_refusal_says_why_and_changes_nothing(
    as_alice: Client,
    alice: User,
    stream: Stream,
    arrange: Arrange,
    status: int,
    code: str,
    sentence: str,
) -> None:
    fields = arrange(alice, stream)
    before = (coins(alice), SentGift.objects.count(), Event.objects.filter(kind="gift").count())
    answer = press(as_alice, stream, **fields)
    text = answer.content.decode().replace(",", "")
    assert (answer.status_code, answer["X-Error-Code"]) == (status, code)
    assert sentence.replace(",", "") in text
    after = (coins(alice), SentGift.objects.count(), Event.objects.filter(kind="gift").count())
    assert before == after
    # The same without scripts: the tray again, with the sentence on it.
    url = reverse("gifts:send", args=[stream.public_id])
    plain = as_alice.post(url, {"gift": "moss-frog", "key": str(uuid.uuid4()), **fields})
    assert plain.status_code == status
    if code != "confirm_first":
        assert sentence.replace(",", "") in plain.content.decode().replace(",", "")
    assert before[:2] == (coins(alice), SentGift.objects.count())


def test_too_few_coins_lead_to_coins(as_alice: Client, stream: Stream) -> None:
    page = press(as_alice, stream, gift="new-horizon", confirmed="1").content.decode()
    way = escape(coins_page(stream.public_id, coins=20_000, gift="new-horizon"))
    assert way in page
    shop = as_alice.get(unescape(way)).content.decode()
    (back,) = set(re.findall(r'name="next" value="([^"]+)"', shop))
    room = as_alice.get(unescape(back)).content.decode()
    (tray,) = set(re.findall(r'hx-get="(/live/[^"]+tray/[^"]*)"', room))
    again = as_alice.get(unescape(tray)).content.decode()
    assert re.search(r'value="new-horizon"[^>]+ checked', again)


def test_a_visitor_signs_in_and_finds_the_gift_chosen(client: Client, stream: Stream) -> None:
    tray = client.get(reverse("gifts:tray", args=[stream.public_id])).content.decode()
    found = re.findall(r'href="[^"]+\?next=([^"]+)" data-signed-out', tray)
    ways = [unquote(way) for way in found]
    assert room_with(stream.public_id, "moss-frog") in ways
    assert len(set(ways)) == len(ways) > 20


def test_a_creator_cannot_press_in_their_own_room(bob: User, stream: Stream) -> None:
    give_coins(bob, 100)
    client = signed_in(bob)
    page = tray(client, stream)
    assert "This is your own stream." in page
    assert "tile__send" not in page
    answer = press(client, stream)
    assert (answer.status_code, answer["X-Error-Code"]) == (409, "gift_to_self")
    assert coins(bob) == 100


def test_undo_returns_the_coins_once(as_alice: Client, alice: User, stream: Stream) -> None:
    key = send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift.public_id
    url = reverse("gifts:undo", args=[key])
    for _ in range(2):
        answer = as_alice.post(url, headers=HTMX)
        assert answer.status_code == 200
        assert "25</span> coins are back in your balance" in answer.content.decode()
        assert coins(alice) == 5_000
    assert Event.objects.filter(kind="undo").count() == 1


def test_undo_after_the_window_is_refused(as_alice: Client, alice: User, stream: Stream) -> None:
    sent_at = timezone.now() - timedelta(seconds=6)
    sent = send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), sent_at=sent_at)
    url = reverse("gifts:undo", args=[sent.gift.public_id])
    answer = as_alice.post(url, headers=HTMX)
    assert (answer.status_code, answer["X-Error-Code"]) == (409, "undo_too_late")
    assert "It&#x27;s too late to undo this gift." in answer.content.decode()
    assert as_alice.post(url)["Location"] == reverse("live:room", args=[stream.public_id])
    assert coins(alice) == 4_975


def test_nobody_undoes_anothers_gift(alice: User, carol: User, stream: Stream) -> None:
    sent = send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    client = signed_in(carol)
    assert client.post(reverse("gifts:undo", args=[sent.gift.public_id])).status_code == 404
    assert coins(alice) == 4_975


def test_the_catalogue_is_public(client: Client) -> None:
    page = client.get(reverse("gifts:catalogue")).content.decode()
    assert page.count('class="card ware"') == 24
    assert "Creator gets" in page
