"""Gifts around midnight of a month, on a ledger in monthly parts."""

import uuid
from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Creator
from conftest import give_coins, person
from gifts.services import send_gift, undo_gift
from live.services import go_live
from wallet import history, ledger, tasks
from wallet.ledger import checks
from wallet.tests.months import called, clock, edge, own_database, part_of


def test_a_gift_before_midnight_and_one_after(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), own_database():
        fan = person("fan", date_joined=timezone.now() - timedelta(days=30))
        creator = person("creator", is_creator=True)
        Creator.objects.create(user=creator, trust="trusted")
        give_coins(fan, 1_000)
        stream = go_live(creator=creator, title="New year")
        call_command("partition_ledger", stdout=StringIO())
        before, kept, after = (uuid.uuid4() for _ in range(3))

        clock(edge() - timedelta(microseconds=1))
        for key in (before, kept):
            send_gift(fan=fan, stream=stream, gift="moss-frog", key=key)
        tasks.fold()
        clock(edge())
        assert not send_gift(fan=fan, stream=stream, gift="moss-frog", key=after).already
        assert part_of(f"gift:{before}") == {"ledger.posting_first", "ledger.transfer_first"}
        assert part_of(f"gift:{after}") == called(edge())

        # The device did not hear the answer, and presses again after midnight.
        again = send_gift(fan=fan, stream=stream, gift="moss-frog", key=before)
        assert (again.already, again.balance) == (True, 925)
        assert undo_gift(fan=fan, key=before).undone_at
        assert part_of(f"undo:{before}") == called(edge())
        assert undo_gift(fan=fan, key=before).undone_at
        tasks.fold()
        assert ledger.balance("coins", "COIN", fan.pk) == 950
        assert ledger.balance("diamonds_held", "DIAMOND", creator.pk) == 50
        assert checks.run() == []

        lines = [entry.words for entry in history.page(fan).entries]
        assert lines == ["Gift undone", "Gift sent", "Gift sent", "Gift sent", "Coins added"]
