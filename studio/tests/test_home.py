"""The studio and the console: the people whom they let in, what those see, thanking."""

import re
import uuid
from datetime import date, timedelta
from decimal import Decimal
from html import escape, unescape
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import ledger
from accounts.models import Creator, User
from conftest import person
from gifts.earnings import sums
from gifts.earnings.release import release_due
from gifts.models import SentGift
from gifts.sending.services import send_gift, undo_gift
from live.models import Event, Stream
from live.streams.services import end
from testing.browsers import signed_in
from wallet.prices.diamonds import CreatorsMoney

pytestmark = pytest.mark.django_db
STUDIO = ["studio:home", "studio:console", "studio:earnings", "studio:statement_csv"]


def gift(fan: User, stream: Stream, slug: str = "moss-frog", days_ago: int = 0) -> SentGift:
    sent_at = timezone.now() - timedelta(days=days_ago) if days_ago else None
    key = uuid.uuid4()
    return send_gift(
        fan=fan, stream=stream, gift=slug, key=key, confirmed=True, sent_at=sent_at
    ).gift


@pytest.mark.parametrize("name", [*STUDIO, "studio:daily_csv"])
def test_the_studio_is_for_people_who_signed_in(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", [*STUDIO, "studio:daily_csv"])
def test_carol_is_invited_and_sees_nothing_of_bobs(
    alice: User, carol: User, stream: Stream, name: str
) -> None:
    gift(alice, stream)
    page = signed_in(carol).get(reverse(name))
    text = page.content.decode()
    assert page["Content-Type"].startswith("text/html")
    assert "Become a creator" in text
    assert "Moss Frog" not in text
    assert "Alice" not in text


def test_another_creator_sees_only_their_own(alice: User, carol: User, stream: Stream) -> None:
    gift(alice, stream)
    carol.is_creator = True
    carol.save()
    Creator.objects.create(user=carol)
    client = signed_in(carol)
    for name in STUDIO[:3]:
        assert "Alice" not in client.get(reverse(name)).content.decode()
    rows = client.get(reverse("studio:statement_csv")).getvalue().decode()
    assert len(rows.splitlines()) == 1


@pytest.mark.parametrize(
    "name",
    ["studio:home", "studio:go_live", "studio:words", "studio:moderators", "studio:blocked"],
)
def test_who_becomes_a_creator_is_back_at_the_page_they_asked_for(carol: User, name: str) -> None:
    client = signed_in(carol)
    asked = reverse(name) + "?from=here"
    page = client.get(asked)
    assert page["X-Error-Code"] == "not_a_creator"
    back = re.search(r'name="next" value="([^"]+)"', page.content.decode())
    assert back
    answer = client.post(reverse("studio:join"), {"agreed": "on", "next": back[1]})
    assert answer["Location"] == asked
    assert client.get(asked).status_code == 200


@pytest.mark.parametrize("address", ["home", "accounts:settings", "gifts:catalogue"])
def test_a_fan_finds_the_way_to_the_studio_and_a_creator_does_not_need_it(
    carol: User, bob: User, address: str
) -> None:
    door = reverse("studio:join")
    there = f"{door}?{urlencode({'next': reverse(address)})}"
    assert escape(there) in signed_in(carol).get(reverse(address)).content.decode()
    assert door not in signed_in(bob).get(reverse(address)).content.decode()


def test_a_visitor_reads_what_a_creator_earns_and_joins_on_the_way(client: Client) -> None:
    page = client.get(reverse("studio:join")).content.decode()
    shown = [
        amount.replace("−", "-") for amount in re.findall(r'<dd class="money[^"]*">([^<]+)', page)
    ]
    total, *parts = (Decimal(re.sub(r"[^\d.-]", "", amount)) for amount in shown)
    assert total + sum(parts[:-1]) == parts[-1] > 0
    assert f"{reverse('account_signup')}?next={reverse('studio:join')}" in page
    answer = client.post(reverse("studio:join"), {"agreed": "on", "next": "/settings/"})
    assert answer["Location"].startswith(reverse("account_login"))
    assert quote(reverse("studio:join")) in answer["Location"]


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_the_way_back_stays_on_this_site(carol: User, address: str) -> None:
    answer = signed_in(carol).post(reverse("studio:join"), {"agreed": "on", "next": address})
    assert answer["Location"] == reverse("studio:home")


def test_a_fan_who_is_too_young_reads_from_which_day_on(carol: User) -> None:
    User.objects.filter(pk=carol.pk).update(
        date_of_birth=timezone.now().date() - timedelta(days=17 * 365)
    )
    page = signed_in(carol).get(reverse("studio:join")).content.decode()
    assert "You can start on" in page
    assert "<textarea" not in page
    assert 'name="agreed"' not in page


def test_a_fan_without_a_date_of_birth_comes_back_to_the_invitation(carol: User) -> None:
    User.objects.filter(pk=carol.pk).update(date_of_birth=None)
    client = signed_in(carol)
    page = client.get(reverse("studio:join")).content.decode()
    way = re.search(rf'href="({reverse("accounts:country")}\?next=[^"]+)"', page)
    assert way
    form = client.get(unescape(way[1])).content.decode()
    back = re.search(r'name="next" value="([^"]+)"', form)
    assert back
    answer = client.post(
        reverse("accounts:country"),
        {"country": "DE", "date_of_birth": "1990-01-01", "next": unescape(back[1])},
    )
    assert answer["Location"] == reverse("studio:join")


def test_becoming_a_creator(carol: User) -> None:
    client = signed_in(carol)
    assert client.post(reverse("studio:join"), {"bio": "Songs"}).status_code == 422
    answer = client.post(reverse("studio:join"), {"bio": "Songs", "agreed": "on"})
    assert answer["Location"] == reverse("studio:home")
    carol.refresh_from_db()
    assert carol.is_creator
    assert carol.creator.bio == "Songs"
    assert carol.creator.trust == Creator.Trust.NEW


@pytest.mark.parametrize(
    ("country", "age", "status"), [("DE", 17, 403), ("DE", 18, 302), ("JP", 19, 403)]
)
def test_creators_are_of_age_where_they_live(country: str, age: int, status: int) -> None:
    today = timezone.now().date()
    young = person("finn", country=country)
    young.date_of_birth = date(today.year - age, 1, 1)
    young.save()
    answer = signed_in(young).post(reverse("studio:join"), {"agreed": "on"})
    assert answer.status_code == status
    young.refresh_from_db()
    assert young.is_creator is (status == 302)
    assert Creator.objects.filter(user=young).exists() is (status == 302)


def test_no_age_no_creator(carol: User) -> None:
    User.objects.filter(pk=carol.pk).update(date_of_birth=None)
    answer = signed_in(carol).post(reverse("studio:join"), {"agreed": "on"})
    assert answer.status_code == 422
    assert "Add your country and date of birth" in answer.content.decode()


def test_the_first_line_is_what_the_ledger_says(alice: User, bob: User, stream: Stream) -> None:
    gift(alice, stream, "marching-teacups", days_ago=8)
    gift(alice, stream, "moss-frog")
    undo_gift(fan=alice, key=gift(alice, stream, "neon-umbrella").public_id)
    release_due()
    found = sums.summary(bob)
    assert found.available.diamonds == ledger.balance("diamonds", "DIAMOND", bob.pk) == 499
    assert found.held.diamonds == ledger.balance("diamonds_held", "DIAMOND", bob.pk) == 25
    assert str(found.available.amount) == "€3.40"
    assert found.next_release is not None
    assert found.next_release.diamonds == 25
    assert (found.today.sums.coins, found.month.coins) == (25, 524)
    days = sums.daily(bob, CreatorsMoney(bob))
    assert len(days) == 30
    assert sum(day.sums.diamonds for day in days) == 524
    page = signed_in(bob).get(reverse("studio:home")).content.decode()
    assert "€3.40" in page
    assert 'data-value="17"' in page
    assert reverse("studio:payouts_panel") in page


def test_an_empty_studio_says_how_to_begin(bob: User) -> None:
    page = signed_in(bob).get(reverse("studio:home")).content.decode()
    assert "No gifts in 30 days" in page
    assert (
        "Your console opens when you first go live"
        in signed_in(bob).get(reverse("studio:console")).content.decode()
    )


def test_the_console_shows_combos_in_one_line(alice: User, bob: User, stream: Stream) -> None:
    combo = uuid.uuid4()
    for _ in range(3):
        send_gift(fan=alice, stream=stream, gift="pebble", key=uuid.uuid4(), combo=combo)
    gift(alice, stream)
    undo_gift(fan=alice, key=gift(alice, stream, "neon-umbrella").public_id)
    page = signed_in(bob).get(reverse("studio:console")).content.decode()
    lines = page.partition(" data-lines ")[2].partition("</ol>")[0]
    assert lines.count("data-line ") == 2
    assert "×3" in lines
    assert "Neon Umbrella" not in lines
    assert 'data-total-coins="28"' in page
    assert re.search(r'data-events-url="/live/events/[^"]+token=', page)


def test_the_console_after_the_stream(alice: User, bob: User, stream: Stream) -> None:
    gift(alice, stream)
    end(creator=bob, stream=stream)
    page = signed_in(bob).get(reverse("studio:console")).content.decode()
    assert "Moss Frog" in page
    assert 'data-events-url=""' in page
    assert reverse("studio:go_live") in page


def test_thanks_are_published_once(alice: User, bob: User, stream: Stream) -> None:
    url = reverse("studio:thank", args=[gift(alice, stream).public_id])
    client = signed_in(bob)
    assert client.post(url, headers={"HX-Request": "true"}).status_code == 204
    assert client.post(url)["Location"] == reverse("studio:console")
    thanks = Event.objects.get(kind="thanks").payload
    assert (thanks["to"], thanks["by"], thanks["name"]) == ("Alice", "Bob", "Moss Frog")


def test_only_the_creator_thanks(alice: User, carol: User, stream: Stream) -> None:
    url = reverse("studio:thank", args=[gift(alice, stream).public_id])
    for who in (alice, carol):
        assert signed_in(who).post(url).status_code == 404
    assert not Event.objects.filter(kind="thanks").exists()


def test_a_gift_that_was_taken_back_is_not_thanked_for(
    alice: User, bob: User, stream: Stream
) -> None:
    sent = gift(alice, stream)
    undo_gift(fan=alice, key=sent.public_id)
    url = reverse("studio:thank", args=[sent.public_id])
    answer = signed_in(bob).post(url, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["X-Error-Code"]) == (409, "already_undone")


def test_the_console_knows_all_that_the_stream_will_send_again(
    bob: User, alice: User, stream: Stream
) -> None:
    now = timezone.now()
    told = Event.objects.bulk_create(
        Event(stream=stream, kind="gift", payload={}, created_at=now) for _ in range(400)
    )
    page = signed_in(bob).get(reverse("studio:console"))
    assert set(page.context["received_ids"]) == {event.pk for event in told}
    assert page.context["received_ids"][0] == told[-1].pk


def test_a_flagged_creator_reads_why_gifts_wait(bob: User) -> None:
    client = signed_in(bob)
    assert "on hold for longer" not in client.get(reverse("studio:home")).content.decode()
    bob.creator.trust, bob.creator.trust_reason = "flagged", "Two chargebacks this week."
    bob.creator.save()
    assert (
        "Reason: Two chargebacks this week." in client.get(reverse("studio:home")).content.decode()
    )
    assert client.get("/api/v1/earnings/").json()["hold_reason"] == "Two chargebacks this week."
