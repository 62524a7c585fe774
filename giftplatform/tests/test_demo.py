"""The demo's story: every sum of it agrees with every other."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

import ledger
from accounts.models import User
from giftplatform.demo import people, programme
from giftplatform.staff import dashboard
from giftplatform.staff.queues import all_queues
from giftplatform.staff.worth import Worth
from gifts import supporters
from gifts.earnings import statement, sums
from gifts.earnings.release import release_due
from gifts.earnings.totals import all_time
from gifts.models import SentGift
from ledger import checks
from ledger.models import Posting
from live.models import Event, Stream
from overlay import goals
from payouts import emails
from payouts.models import Payout
from testing.stages import shared_rows
from wallet.coins.recognition import recognise
from wallet.models import Purchase, SandboxNotice
from wallet.prices.diamonds import CreatorsMoney, available_diamonds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The story, told once for all tests."""
    with shared_rows(django_db_blocker):
        call_command("load_demo", verbosity=0)
        yield


def fans() -> list[User]:
    return [User.objects.get(handle=person.handle) for person in people.FANS]


def creators() -> list[User]:
    return [User.objects.get(handle=person.handle) for person in people.CREATORS]


def broadcasts() -> list[Stream]:
    return list(Stream.objects.exclude(started_at=None).order_by("started_at"))


def test_the_ledger_accepts_every_row() -> None:
    assert checks.run() == []


def test_each_gift_came_while_its_stream_was_on_air() -> None:
    now = timezone.now()
    for sent in SentGift.objects.select_related("stream"):
        assert sent.stream.started_at
        assert sent.stream.started_at < sent.created_at < (sent.stream.ended_at or now)
    for stream in broadcasts():
        assert stream.started_at
        lasted = (stream.ended_at or now) - stream.started_at
        gifts = SentGift.objects.filter(stream=stream).count()
        assert timedelta(minutes=20) <= lasted <= timedelta(hours=3)
        assert 5 <= gifts <= lasted / MINUTE / 2  # at most one in two minutes
    for creator in creators():
        theirs = [stream for stream in broadcasts() if stream.creator_id == creator.pk]
        assert all(one.ended_at < two.started_at for one, two in pairwise(theirs))  # type: ignore[operator]  # both began, the first ended


def test_thirty_days_are_their_streams_and_the_statement() -> None:
    for creator in creators():
        month = sums.summary(creator).month
        reader = CreatorsMoney(creator)
        theirs = Stream.objects.filter(creator=creator)
        streams = [sums.of_stream(stream, reader) for stream in theirs]
        assert all(stream.coins <= month.coins for stream in streams)
        assert month.gifts == sum(stream.gifts for stream in streams)
        assert month.coins == sum(stream.coins for stream in streams)
        assert month.earned == sum((stream.earned for stream in streams), reader.money(0))
        head, *rows = statement.csv_rows(creator)
        assert month.gifts == len(rows)
        gets = head.index("you_get")
        assert month.earned.amount == sum(Decimal(str(row[gets])) for row in rows)
        assert month.earned == all_time(creator, reader).earned


def test_supporters_sent_what_their_stream_received() -> None:
    for stream in broadcasts():
        listed = supporters.of_stream(stream)
        received = sums.of_stream(stream, CreatorsMoney(stream.creator)).coins
        assert sum(fan.coins for fan in listed) == received
        sent = Event.objects.filter(stream=stream, kind="gift").values_list("payload", flat=True)
        assert sum(event["coins"] for event in sent) == received


def test_people_have_what_they_bought_and_did_not_spend() -> None:
    left = 0
    for fan in fans():
        bought = Purchase.objects.filter(user=fan, state=Purchase.State.PAID)
        sent = SentGift.objects.filter(fan=fan)
        have = ledger.balance("coins", "COIN", fan.pk)
        coins = bought.aggregate(sum=Sum("coins"))["sum"]
        assert have == coins - (sent.aggregate(sum=Sum("coins"))["sum"] or 0)
        pack = programme.PACKS.get(fan.handle)
        assert pack is None or have < pack  # nobody buys what they do not need
        for gift in sent:
            before = bought.filter(captured_at__lt=gift.created_at).aggregate(sum=Sum("coins"))
            spent = sent.filter(created_at__lte=gift.created_at).aggregate(sum=Sum("coins"))
            assert before["sum"] >= spent["sum"]
        left += have
    assert ledger.balance("coins", "COIN", User.objects.get(handle="alice").pk) == 1_500
    assert Purchase.objects.exclude(state=Purchase.State.PAID).count() == 0
    request = staff_request()
    shown = {figure.label: figure for figure in dashboard.figures(request)}
    assert shown["Coins outstanding"].value == Worth().of_coins(left)
    assert shown["Coins outstanding"].note == f"{left:,} coins in fans' wallets"


def staff_request() -> HttpRequest:
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(handle="dana")
    return request


def test_staff_see_the_same_month() -> None:
    gifts, purchases = dashboard.charts(staff_request())
    assert gifts.total == SentGift.objects.count() == Event.objects.filter(kind="gift").count()
    assert purchases.total == Purchase.objects.count()
    shown = {figure.label: figure for figure in dashboard.figures(staff_request())}
    assert Stream.objects.on_air().count() == 4
    assert shown["Live now"].value == "4"
    held = sum(sums.summary(one).held.diamonds for one in creators())
    assert shown["Diamonds on hold"].note == f"{held:,} diamonds"
    moving = Payout.objects.under_way().count()
    assert shown["Payouts under way"].note.startswith(f"{moving} payout")
    assert [queue.name for queue in all_queues() if queue.late] == []


def test_holds_end_in_order_and_what_was_paid_was_free() -> None:
    now = timezone.now()
    for creator in creators():
        gifts = SentGift.objects.filter(creator=creator).order_by("created_at")
        free = [gift for gift in gifts if gift.released_at]
        assert all(one.released_at <= two.released_at for one, two in pairwise(free))  # type: ignore[operator]  # both were released
        for gift in free:
            assert gift.released_at
            assert timedelta(0) <= gift.released_at - gift.release_at <= timedelta(days=1)
        assert all(gift.release_at > now for gift in gifts if not gift.released_at)
        payouts = Payout.objects.filter(creator=creator)
        paid = payouts.aggregate(sum=Sum("diamonds"))["sum"] or 0
        available = available_diamonds(creator)
        assert paid + available == all_time(creator, CreatorsMoney(creator)).released
        for payout in payouts:
            steps = [event.created_at for event in payout.events.order_by("pk")]
            assert steps == sorted(steps)
            assert payout.created_at.astimezone(UTC) == steps[0]
            assert payout.state == ("sent" if now - steps[0] < timedelta(days=2) else "settled")
    assert Counter(Payout.objects.values_list("creator__handle", flat=True)) == {
        "bob": 2,
        "mira": 2,
    }


def test_the_goal_counts_the_gifts_since_it_was_set() -> None:
    bob = User.objects.get(handle="bob")
    goal = goals.running(bob)
    assert goal
    since = SentGift.objects.filter(creator=bob, created_at__gte=goal.started_at)
    assert goals.counted(goal) == since.aggregate(sum=Sum("coins"))["sum"]
    assert 0 < goals.counted(goal) < goal.target


def test_nothing_of_the_past_is_left_to_do(mailoutbox: list[object]) -> None:
    emails.send_due()
    assert mailoutbox == []
    assert release_due() == 0
    assert recognise() == {}
    assert not SandboxNotice.objects.filter(delivered_at=None).exists()


def test_telling_it_again_changes_nothing() -> None:
    before = Posting.objects.count()
    call_command("load_demo", verbosity=0)
    assert Posting.objects.count() == before


def test_the_clocks_are_right_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp(), current_setting('search_path')")
        moment, path = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proname = 'clock_timestamp'")
        assert cursor.fetchone() == (1,)
    assert abs(moment - timezone.now()) < MINUTE
    assert "pg_catalog" not in path
    assert Posting.objects.filter(created_at__gt=timezone.now()).count() == 0
