"""`deploy/roles.sql` where the ledger lies in monthly parts: no part is open to the site's role."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Creator
from conftest import give_coins, person
from giftplatform.tests.test_production_role import WRITABLE, statements
from gifts.services import send_gift, undo_gift
from live.services import go_live
from wallet.ledger import checks, partitions, pruning
from wallet.ledger.models import Key
from wallet.tests.months import own_database


def test_a_month_is_read_through_the_whole_and_written_through_the_one_door(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), own_database():
        fan = person("alice", date_joined=timezone.now() - timedelta(days=30))
        creator = person("bob", is_creator=True)
        Creator.objects.create(user=creator, trust="trusted")
        give_coins(fan, 100)
        stream = go_live(creator=creator, title="Night")
        call_command("partition_ledger", stdout=StringIO())
        months = [f"ledger.{part.name}" for part in partitions.parts()]
        assert len(months) > 2
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE ROLE site")
            cursor.execute(statements())
            cursor.execute("SET LOCAL ROLE site")
            key = uuid.uuid4()
            assert send_gift(fan=fan, stream=stream, gift="moss-frog", key=key).balance == 75
            undo_gift(fan=fan, key=key)
            assert checks.run() == []
            for month in months:
                for change in (f"DELETE FROM {month}", f"INSERT INTO {month} DEFAULT VALUES"):
                    refused(change)
            cursor.execute("RESET ROLE")
            cursor.execute(WRITABLE)
            assert cursor.fetchall() == []
            transaction.set_rollback(True)  # a role belongs to the whole server


def test_its_jobs_make_months_and_forget_old_keys(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), own_database():
        give_coins(person("alice"), 100)
        call_command("partition_ledger", stdout=StringIO())
        long_ago = timezone.now() - timedelta(days=100)
        Key.objects.create(key="gift:old", posting_id=1, input_hash=b"", created_at=long_ago)
        before = partitions.months_ahead()
        assert before is not None
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE ROLE site")
            cursor.execute(statements())
            cursor.execute("SET LOCAL ROLE site")
            assert len(partitions.make_months(before + 1)) == 2
            assert partitions.months_ahead() == before + 1
            assert pruning.prune_keys(older_than_days=90) == 1
            refused("DELETE FROM ledger_key")
            cursor.execute("RESET ROLE")
            cursor.execute(WRITABLE)
            assert cursor.fetchall() == []
            transaction.set_rollback(True)  # a role belongs to the whole server


def refused(change: str) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
