"""The statement: every part of a price, to the last fraction, and the same sums as the ledger."""

import csv
import io
import uuid
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import give_coins, person
from foundation.money import fine
from gifts.earnings import statement, sums
from gifts.earnings.release import release_due
from gifts.models import SentGift
from gifts.sending.services import send_gift, undo_gift
from live.models import Stream
from live.moderation.hiding import hide_message
from testing.browsers import signed_in
from wallet.models import FxRate, RateCard
from wallet.prices.diamonds import CreatorsMoney
from wallet.prices.pricing import paid_rate
from wallet.tests.stage import paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def fan(db: None) -> User:
    """A fan in Germany who bought 1,000 coins: 11.59 EUR, 1.85 of it tax."""
    user = person("fay", date_joined=timezone.now() - timedelta(days=30))
    paid(user, 1_000)
    return user


def send(fan: User, stream: Stream, slug: str = "moss-frog", **more: object) -> SentGift:
    return send_gift(fan=fan, stream=stream, gift=slug, key=uuid.uuid4(), **more).gift  # type: ignore[arg-type]  # the fields of a send


def lines_of(creator: User) -> list[statement.Line]:
    return list(statement.lines(statement.received(creator), CreatorsMoney(creator)))


def test_price_is_tax_platform_and_creator(fan: User, bob: User, stream: Stream) -> None:
    send(fan, stream, "drift-lamp")
    (line,) = lines_of(bob)
    assert line.tax is not None
    parts = [line.price, line.tax, line.platform, line.net]
    assert [part.in_full for part in parts] == ["€1.1474", "€0.1832", "€0.2893", "€0.6749"]
    assert (line.fan_price, line.fan_tax) == (line.price, line.tax)
    assert not line.is_exchanged


def test_a_fan_of_another_currency_is_read_in_the_creators(bob: User, stream: Stream) -> None:
    """1,000 coins for 1,720 yen: a dollar is 150 yen and 0.909 euros."""
    lucy = person("lucy", country="JP", date_joined=timezone.now() - timedelta(days=30))
    paid(lucy, 1_000)
    send(lucy, stream, "drift-lamp")
    (line,) = lines_of(bob)
    assert line.is_exchanged
    assert line.fan_price is not None
    assert line.fan_price.in_full == "¥170.28"
    assert line.price.in_full == "€1.0319"  # 170.28 / 150 x 0.909
    page = signed_in(bob).get(reverse("studio:earnings")).content.decode()
    assert "¥170.28, tax ¥15.44" in page.split('<details class="theirs"')[1].split("</details>")[0]
    assert "€0.6749" in page


def test_price_and_tax_are_rounded_once_to_the_nearest_hundredth_of_a_cent(
    fan: User, stream: Stream
) -> None:
    for slug in ("pebble", "moss-frog", "drift-lamp"):
        gift = send(fan, stream, slug)
        exact = Decimal(gift.coins * 1159) / 10
        assert gift.fan_price_fine == exact.quantize(Decimal(1), ROUND_HALF_UP), slug
        assert fine(gift.fan_price_fine, "EUR") == paid_rate(fan).cost(gift.coins)
        assert gift.fan_tax_fine == (Decimal(gift.coins * 185) / 10).quantize(
            Decimal(1), ROUND_HALF_UP
        )


def test_bonus_and_given_coins_cost_the_fan_nothing(alice: User, bob: User, stream: Stream) -> None:
    send(alice, stream)
    (line,) = lines_of(bob)
    assert line.price.amount == 0
    assert line.platform.amount < 0


def test_the_exchange_rate_is_that_of_the_day(fan: User, bob: User, stream: Stream) -> None:
    send(fan, stream, "drift-lamp")
    before = lines_of(bob)[0].platform
    FxRate.objects.create(currency="EUR", per_usd=Decimal("2"), valid_from=timezone.now())
    after = lines_of(bob)[0].platform
    assert before == after


def test_sums_equal_the_ledger(fan: User, alice: User, bob: User, stream: Stream) -> None:
    old = timezone.now() - timedelta(days=8)
    for slug in ("marching-teacups", "clap-crab"):
        send(alice, stream, slug, sent_at=old)
    send(fan, stream, "drift-lamp", quantity=2)
    undo_gift(fan=fan, key=send(fan, stream).public_id)
    release_due()
    mine = lines_of(bob)
    by_state = {
        state: sum(line.diamonds for line in mine if line.state == state)
        for state in ("held", "released", "undone")
    }
    assert by_state["held"] == ledger.balance("diamonds_held", "DIAMOND", bob.pk) == 198
    assert by_state["released"] == ledger.balance("diamonds", "DIAMOND", bob.pk) == 508
    assert by_state["undone"] == 0
    total = sums.sums_of(SentGift.objects.filter(creator=bob), CreatorsMoney(bob), old)
    assert total.diamonds == 198 + 508
    assert sum(line.net.amount for line in mine) == total.earned.amount


def test_the_largest_gift_of_a_dear_coin_does_not_overflow(bob: User, stream: Stream) -> None:
    RateCard.objects.create(
        code="dear",
        valid_from=timezone.now() - timedelta(minutes=1),
        coin_value_micro_usd=100_000,
        diamond_payout_micro_usd=90_000,
    )
    rich = person("rick", date_joined=timezone.now() - timedelta(days=30))
    give_coins(rich, 25_000)
    send(rich, stream, "new-horizon", confirmed=True)
    assert sums.summary(bob).month.earned.amount == Decimal("2045.25")
    (line,) = lines_of(bob)
    assert line.net.amount == Decimal("2045.25")


def test_the_page_turns_by_id(fan: User, bob: User, stream: Stream) -> None:
    for _ in range(3):
        send(fan, stream, "pebble")
    lines, following = statement.page_of(bob, CreatorsMoney(bob), before=None, size=2)
    assert (len(lines), following) == (2, lines[-1].sent.pk)
    rest, end = statement.page_of(bob, CreatorsMoney(bob), before=following, size=2)
    assert (len(rest), end) == (1, None)
    client = signed_in(bob)
    page = client.get(reverse("studio:earnings"), {"before": str(following)})
    assert page.content.decode().count("<tr>") == 3  # the head, one line, the foot
    assert client.get(reverse("studio:earnings"), {"before": "x"}).status_code == 200


def test_the_page_needs_the_same_queries_for_many_lines(
    fan: User, bob: User, stream: Stream
) -> None:
    client = signed_in(bob)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse("studio:earnings"))
        return len(seen)

    send(fan, stream, "pebble")
    queries()
    few = queries()
    for _ in range(5):
        send(fan, stream, "pebble")
    assert queries() == few


def rows_of(client: Client, name: str) -> list[dict[str, str]]:
    answer = client.get(reverse(name))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_has_every_part_and_no_formula(fan: User, bob: User, stream: Stream) -> None:
    User.objects.filter(pk=fan.pk).update(display_name="=cmd|' /C calc'!A0")
    for message in ("=SUM(A1:A9)", "+1", "-1", "@here", "\tx", 'Play on, "Bob"'):
        send(fan, stream, "drift-lamp", message=message)
    undo_gift(fan=fan, key=send(fan, stream, "pebble").public_id)
    client = signed_in(bob)
    rows = rows_of(client, "studio:statement_csv")
    assert len(rows) == 7
    assert rows[0]["diamonds_are"] == "taken back"
    assert (rows[0]["you_get"], rows[0]["coins"]) == ("0", "0")
    for row in rows:
        for name in ("from", "message", "gift"):
            assert not row[name].startswith(("=", "+", "-", "@", "\t"))
    assert rows[-1]["message"] == "'=SUM(A1:A9)"
    assert rows[1]["message"] == 'Play on, "Bob"'
    assert (rows[1]["fan_paid_in_fan_currency"], rows[1]["fan_currency"]) == ("1.1474", "EUR")
    held = ledger.balance("diamonds_held", "DIAMOND", bob.pk)
    assert sum(int(row["diamonds"]) for row in rows) == held
    assert sum(Decimal(row["you_get"]) for row in rows) == 6 * Decimal("0.6749")


def test_the_daily_csv_adds_up_to_the_same(fan: User, bob: User, stream: Stream) -> None:
    send(fan, stream, "drift-lamp")
    send(fan, stream, "pebble", sent_at=timezone.now() - timedelta(days=2))
    client = signed_in(bob)
    rows = rows_of(client, "studio:daily_csv")
    assert len(rows) == 366
    assert sum(int(row["diamonds"]) for row in rows) == 100
    assert rows[-1]["diamonds"] == "99"


def test_a_nameless_gift_stays_nameless(fan: User, bob: User, stream: Stream) -> None:
    send(fan, stream, anonymous=True)
    client = signed_in(bob)
    for name in ("studio:home", "studio:console", "studio:earnings"):
        page = client.get(reverse(name)).content.decode()
        assert "Fay" not in page
    assert rows_of(client, "studio:statement_csv")[0]["from"] == "Anonymous"


def test_a_nameless_gift_shows_no_price_of_its_fan(fan: User, bob: User, stream: Stream) -> None:
    """Two fans who paid differently, and a third with given coins, cannot be told apart."""
    lucy, rick = (person(name, date_joined=fan.date_joined) for name in ("lucy", "rick"))
    User.objects.filter(pk=lucy.pk).update(country="JP")
    paid(User.objects.get(pk=lucy.pk), 3_500)
    give_coins(rick, 500)
    at = timezone.now() - timedelta(hours=1)
    for one in (fan, lucy, rick):
        send(one, stream, "drift-lamp", anonymous=True, sent_at=at)
    assert SentGift.objects.values("fan_currency", "fan_price_fine").distinct().count() == 3
    client = signed_in(bob)
    answer = client.get("/api/v1/earnings/statement/").json()["lines"]
    tables = [answer, rows_of(client, "studio:statement_csv")]
    for lines in tables:
        shown = {
            tuple((name, str(cell)) for name, cell in line.items() if "key" not in name)
            for line in [{k: v for k, v in one.items() if k != "gift_number"} for one in lines]
        }
        assert (len(lines), len(shown)) == (3, 1)
    currency = bob.region.currency
    worth = FxRate.current(currency).per_usd * 99 / 100
    assert (answer[0]["price"]["currency"], answer[0]["tax"]) == (currency, None)
    assert Decimal(answer[0]["price"]["amount"]) == worth.quantize(Decimal("0.0001"))
    for line in lines_of(bob):
        assert line.platform.amount > 0
    page = client.get(reverse("studio:earnings")).content.decode()
    assert "¥" not in page
    assert "JPY" not in page


def test_a_hidden_message_is_not_in_the_csv(fan: User, bob: User, stream: Stream) -> None:
    sent = send(fan, stream, "drift-lamp", message="Cruel words")
    send(fan, stream, "drift-lamp", message="Kind words")
    hide_message(by=bob, stream=stream, gift=sent.public_id)
    rows = rows_of(signed_in(bob), "studio:statement_csv")
    assert [row["message"] for row in rows] == ["Kind words", ""]
