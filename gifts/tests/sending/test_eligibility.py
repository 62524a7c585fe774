"""For whom, where and when a gift is, and how much it can say: decided while it is sent."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

import ledger
from accounts.models import Creator, SpendingLimit, User
from conftest import give_coins, person
from gifts.models import Gift, GiftPolicy, SentGift, Upload
from gifts.sending import refusals
from gifts.sending.refusals import day_of
from gifts.sending.send import Send, Sent
from gifts.sending.services import send_batch, send_gift, undo_gift
from gifts.tray.tiles import Tile, tiles_for
from live.models import Event, Stream
from live.streams.services import go_live

pytestmark = pytest.mark.django_db

Gated = Callable[..., Gift]


@pytest.fixture
def gated() -> Gated:
    def make(**fields: Any) -> Gift:
        Gift.objects.filter(slug="moss-frog").update(**fields)
        return Gift.objects.get(slug="moss-frog")

    return make


def send(fan: User, stream: Stream, gift: str = "moss-frog", **fields: Any) -> SentGift:
    return send_gift(fan=fan, stream=stream, gift=gift, key=uuid.uuid4(), **fields).gift


def refused(kind: type[refusals.GiftRefused], fan: User, stream: Stream, **fields: Any) -> str:
    before = ledger.balance("coins", "COIN", fan.pk)
    with pytest.raises(kind) as refusal:
        send(fan, stream, **fields)
    assert ledger.balance("coins", "COIN", fan.pk) == before
    return refusal.value.detail


def tile(fan: User, creator: User | None = None) -> Tile:
    frog = Gift.objects.on_offer().get(slug="moss-frog")
    return tiles_for(fan, [frog], creator=creator)[0]


def test_a_gift_to_come_is_announced_and_cannot_be_sent(
    alice: User, stream: Stream, gated: Gated
) -> None:
    first_day = timezone.now() + timedelta(days=3)
    gated(available_from=first_day)
    said = refused(refusals.GiftNotYet, alice, stream)
    assert (
        said == f"You can send Moss Frog from {day_of(first_day)}. Until then, choose another gift."
    )
    assert tile(alice).locked == said
    gated(available_from=timezone.now() - timedelta(seconds=1))
    assert send(alice, stream)
    assert tile(alice).locked == ""


def test_a_gift_far_ahead_is_not_shown_yet(gated: Gated) -> None:
    gated(available_from=timezone.now() + timedelta(days=30))
    assert not Gift.objects.on_offer().filter(slug="moss-frog").exists()


def test_a_gift_leaves_on_its_last_day(alice: User, stream: Stream, gated: Gated) -> None:
    gated(retired_at=timezone.now() + timedelta(days=1))
    assert send(alice, stream)
    assert tile(alice).terms
    gated(retired_at=timezone.now())
    refused(refusals.GiftRetired, alice, stream)
    assert not Gift.objects.on_offer().filter(slug="moss-frog").exists()


def test_a_gift_without_a_price_in_force_is_not_on_offer() -> None:
    Gift.objects.create(slug="bare", name="Bare", kind="small", duration_ms=2_000, art="a.svg")
    assert not Gift.objects.on_offer().filter(slug="bare").exists()


def test_a_gift_for_some_countries_goes_by_where_the_fan_lives(
    alice: User, stream: Stream, gated: Gated
) -> None:
    gated(countries=["JP", "KR"])
    said = refused(refusals.GiftNotHere, alice, stream)
    assert said == "Moss Frog isn't available where you live. Choose another gift."
    assert tile(alice).locked == said
    assert tile(alice).terms == ["Only in Japan, South Korea"]
    gated(countries=["JP", "DE"])
    assert send(alice, stream)
    assert tile(alice).locked == ""


def test_who_lives_nowhere_we_know_sends_nothing_that_is_for_some(
    alice: User, stream: Stream, gated: Gated
) -> None:
    gated(countries=["DE"])
    User.objects.filter(pk=alice.pk).update(country=None)
    refused(refusals.GiftNotHere, alice, stream)


def test_a_level_is_every_coin_ever_sent_and_not_taken_back(
    alice: User, stream: Stream, gated: Gated
) -> None:
    gated(from_level=2)
    said = refused(refusals.LevelTooLow, alice, stream)
    assert said == (
        "Moss Frog unlocks at supporter level 2, after 100 coins sent. You have sent 0."
        " Until then, choose another gift."
    )
    assert tile(alice).locked == said
    back = send(alice, stream, gift="drift-lamp")
    refused(refusals.LevelTooLow, alice, stream)
    pebble = send(alice, stream, gift="pebble")
    assert tile(alice).locked == ""
    assert send(alice, stream)
    undo_gift(fan=alice, key=back.public_id)
    undo_gift(fan=alice, key=pebble.public_id)
    assert "You have sent 25." in refused(refusals.LevelTooLow, alice, stream)


def test_what_a_level_takes_is_in_the_rules(alice: User, stream: Stream, gated: Gated) -> None:
    gated(from_level=1)
    GiftPolicy.objects.update(level_coins=[40, *range(41, 50)])
    assert "after 40 coins sent" in refused(refusals.LevelTooLow, alice, stream)
    send(alice, stream, gift="pocket-rain")
    assert send(alice, stream)


def test_there_are_ten_levels(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        GiftPolicy.objects.update(level_coins=[1, 2])


def test_the_club_opens_with_a_gift_to_this_creator(
    alice: User, stream: Stream, gated: Gated
) -> None:
    gated(club_only=True)
    other = person("erin", is_creator=True)

    Creator.objects.create(user=other)
    send(alice, go_live(creator=other, title="Erin paints"), gift="drift-lamp")
    said = refused(refusals.ClubOnly, alice, stream)
    assert said == (
        "Moss Frog is only for the creator's club. Send a gift of 10 coins or more to unlock it "
        "for 14 days."
    )
    assert tile(alice, stream.creator).locked == said
    assert tile(alice).locked == ""  # the catalogue asks for no creator: it says for whom it is
    assert tile(alice).terms == ["For the creator's club"]
    send(alice, stream, gift="clap-crab")  # 9 coins
    refused(refusals.ClubOnly, alice, stream)
    send(alice, stream, gift="lucky-button")  # 15
    assert tile(alice, stream.creator).locked == ""
    assert send(alice, stream)


def test_the_club_ends(alice: User, stream: Stream, gated: Gated) -> None:
    gated(club_only=True)
    long_ago = timezone.now() - timedelta(days=14, minutes=1)
    send(alice, stream, gift="lucky-button", sent_at=long_ago)
    refused(refusals.ClubOnly, alice, stream)
    assert tile(alice, stream.creator).locked
    GiftPolicy.objects.update(club_days=15)
    assert send(alice, stream)
    assert tile(alice, stream.creator).locked == ""


def test_what_was_taken_back_opens_no_club(alice: User, stream: Stream, gated: Gated) -> None:
    gated(club_only=True)
    back = send(alice, stream, gift="lucky-button")
    undo_gift(fan=alice, key=back.public_id)
    refused(refusals.ClubOnly, alice, stream)


def test_a_gift_of_a_batch_opens_the_next_one(alice: User, stream: Stream, gated: Gated) -> None:
    gated(club_only=True, from_level=1)
    slugs = ("moss-frog", "lucky-button", "moss-frog")
    outcomes = send_batch(
        [Send(fan=alice, stream=stream, gift=slug, key=uuid.uuid4()) for slug in slugs]
    )
    first, second, third = outcomes
    assert isinstance(first, refusals.LevelTooLow)
    assert isinstance(second, Sent)
    assert isinstance(third, Sent)


@pytest.mark.parametrize(
    ("slug", "most"),
    [("pebble", 40), ("moss-frog", 80), ("brass-snail", 120), ("tide-hello", 200)],
)
def test_a_message_grows_with_the_gift(alice: User, stream: Stream, slug: str, most: int) -> None:
    sure: dict[str, Any] = {"gift": slug, "confirmed": True}
    said = refused(refusals.MessageTooLong, alice, stream, message="m" * (most + 1), **sure)
    assert f"is {most + 1} characters long" in said
    assert f" is {most}." in said
    assert send(alice, stream, message="m" * most, **sure).message == "m" * most


def test_staff_decide_how_much_a_gift_says(alice: User, stream: Stream, gated: Gated) -> None:
    assert gated(message_length=300).message_length == 300
    assert len(send(alice, stream, message="é" * 300).message) == 300
    gated(message_length=0)
    said = refused(refusals.NoMessage, alice, stream, message="m")
    assert said == "You can't add a message to Moss Frog. Remove the message and try again."
    assert send(alice, stream)


def test_a_fan_is_asked_from_their_own_threshold(alice: User, stream: Stream) -> None:
    User.objects.filter(pk=alice.pk).update(confirm_from_coins=25)
    alice.refresh_from_db()
    refused(refusals.ConfirmFirst, alice, stream)
    assert tile(alice).needs_confirmation
    assert send(alice, stream, confirmed=True)
    User.objects.filter(pk=alice.pk).update(confirm_from_coins=26)
    assert send(alice, stream)


def test_ones_own_threshold_never_lifts_the_sites(alice: User, stream: Stream) -> None:
    User.objects.filter(pk=alice.pk).update(confirm_from_coins=100_000)
    refused(refusals.ConfirmFirst, alice, stream, gift="tide-hello")


def test_some_gifts_always_ask(alice: User, stream: Stream, gated: Gated) -> None:
    gated(confirm_twice=True)
    refused(refusals.ConfirmFirst, alice, stream)
    shown = tile(alice)
    assert shown.needs_confirmation
    assert shown.needs_holding
    assert shown.needs_second_yes
    assert send(alice, stream, confirmed=True)
    assert Gift.objects.get(slug="new-horizon").confirm_twice


def told(sent: SentGift) -> dict[str, Any]:
    payload: dict[str, Any] = Event.objects.get(payload__id=str(sent.public_id)).payload
    return payload


def test_the_event_says_that_its_sender_wants_to_be_on_no_list(alice: User, stream: Stream) -> None:
    open_one = told(send(alice, stream))
    assert (open_one["private"], open_one["from"], open_one["motion"]) == (False, "Alice", "")
    nameless = told(send(alice, stream, anonymous=True))
    assert (nameless["private"], nameless["from"], nameless["handle"]) == (True, None, None)
    assert "alice" not in str(nameless).lower()
    User.objects.filter(pk=alice.pk).update(private_supporter=True)
    hidden = told(send(alice, stream))
    assert (hidden["private"], hidden["from"]) == (True, "Alice")


def test_the_event_names_the_animation(alice: User, stream: Stream, gated: Gated) -> None:
    for path in ("/media/gifts/a.svg", "/media/gifts/b.webm"):
        gift = Gift.objects.all()[0]
        Upload.objects.create(gift=gift, part="art", path=path, state="drawn", took_ms=1)
    gated(art="/media/gifts/a.svg", motion="/media/gifts/b.webm")
    payload = told(send(alice, stream))
    assert (payload["art"], payload["motion"]) == ("/media/gifts/a.svg", "/media/gifts/b.webm")


def test_only_gated_gifts_ask_what_was_sent_before(alice: User, stream: Stream) -> None:
    panel = list(Gift.objects.on_offer())
    with connection.execute_wrapper(forbid_sent_gifts):
        tiles_for(alice, [gift for gift in panel if not gift.club_only], creator=stream.creator)


def forbid_sent_gifts(execute: Any, sql: str, *rest: Any) -> Any:
    assert "gifts_sentgift" not in sql
    return execute(sql, *rest)


def test_the_schedule_makes_sense(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Gift.objects.filter(slug="pebble").update(
            retired_at=timezone.now(), available_from=timezone.now() + timedelta(days=1)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Gift.objects.filter(slug="pebble").update(message_length=F("message_length") + 300)


def test_the_catalogue_of_the_api_says_how_a_gift_unlocks(alice: User, stream: Stream) -> None:
    browser = Client()
    browser.force_login(alice)
    everywhere = {gift["slug"]: gift for gift in browser.get("/api/v1/gifts/").json()}
    assert everywhere["kite-flock"]["club_only"] is True
    assert everywhere["kite-flock"]["locked"] == ""
    here = browser.get("/api/v1/gifts/", {"stream": str(stream.public_id)}).json()
    kites = next(gift for gift in here if gift["slug"] == "kite-flock")
    assert kites["locked"].startswith("Kite Flock is only for the creator's club.")
    assert (kites["message_length"], kites["from_level"], kites["countries"]) == (120, 0, [])
    assert browser.get("/api/v1/gifts/", {"stream": str(uuid.uuid4())}).status_code == 404
    assert browser.get("/api/v1/gifts/", {"stream": "x"}).status_code == 400


def test_a_fans_own_limit_locks_the_tile_with_the_words_of_the_refusal(
    alice: User, stream: Stream
) -> None:
    send(alice, stream)
    SpendingLimit.objects.create(user=alice, span="day", coins=40)
    said = refused(refusals.OverSpendingLimit, alice, stream)
    assert tile(alice).locked == said
    assert tile(alice).over_own_limit
    SpendingLimit.objects.update(next_coins=50, next_at=timezone.now() - timedelta(seconds=1))
    assert tile(alice).locked == ""
    assert send(alice, stream)


@pytest.mark.parametrize("span", SpendingLimit.Span.values)
def test_what_was_undone_or_is_long_ago_does_not_count(
    alice: User, stream: Stream, span: str
) -> None:
    SpendingLimit.objects.create(user=alice, span=span, coins=25)
    undo_gift(fan=alice, key=send(alice, stream).public_id)
    send(alice, stream, sent_at=timezone.now() - timedelta(days=31))
    assert tile(alice).locked == ""
    assert send(alice, stream)
    assert bool(tile(alice).locked) is (span != "gift")


def test_a_new_fan_reads_on_the_tile_what_a_gift_can_cost(stream: Stream) -> None:
    fan = person("nina")
    give_coins(fan, 30_000)
    said = refused(refusals.OverNewFanLimit, fan, stream, gift="storm-choir", confirmed=True)
    storm = Gift.objects.on_offer().get(slug="storm-choir")
    (shown,) = tiles_for(fan, [storm])
    assert shown.locked == said
    assert not shown.over_own_limit
    assert tile(fan).locked == ""


def test_a_tile_says_how_many_coins_are_missing(alice: User) -> None:
    frog = Gift.objects.on_offer().get(slug="moss-frog")
    for balance, missing in [(0, 25), (24, 1), (25, 0), (10**9, 0)]:
        assert tiles_for(alice, [frog], balance=balance)[0].missing == missing
    assert tiles_for(alice, [frog])[0].missing == 0
