"""`deploy/roles.sql`: the site's role can run the site and cannot touch the ledger's history."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import give_coins
from gifts.models import Gift, GiftPolicy
from gifts.sending import pruning
from gifts.sending.refusals import GiftRefused
from gifts.sending.services import send_gift, undo_gift
from ledger import checks
from ledger.models import Key
from live.chat.messages import say
from live.models import BlockedWord, Stream
from live.moderation import hiding
from overlay.goals import set_goal
from overlay.services import alerts_replay, note_played, rotate
from overlay.thanks import thank_due
from payouts.models import Payout
from payouts.tests import builders
from wallet.coins import recognition
from wallet.models import SandboxDispute
from wallet.purchases import settlement
from wallet.refunds import requests, sending
from wallet.tests import stage
from wallet.tests.disputes.stage import decided, disputed

pytestmark = pytest.mark.django_db

ROLES = Path(settings.BASE_DIR) / "deploy" / "roles.sql"


def statements() -> str:
    """Return the file's SQL for the role `site`, without psql's own words and its transaction."""
    kept = [
        line
        for line in ROLES.read_text().splitlines()
        if not line.startswith("\\") and line not in {"BEGIN;", "COMMIT;"}
    ]
    return "\n".join(kept).replace(':"app"', "site")


@pytest.fixture
def as_site(alice: User, stream: Stream) -> Iterator[None]:
    """Everything from here on happens as the role that runs the site."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE site")
        cursor.execute(statements())
        cursor.execute("SET LOCAL ROLE site")
        yield
        cursor.execute("RESET ROLE")


def test_it_can_send_undo_and_take_snapshots(as_site: None, alice: User, stream: Stream) -> None:
    key = uuid.uuid4()
    assert send_gift(fan=alice, stream=stream, gift="moss-frog", key=key).balance == 4_975
    undo_gift(fan=alice, key=key)
    give_coins(alice, 10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_take_snapshots()")
    assert ledger.balance("coins", "COIN", alice.pk) == 5_010
    assert checks.run() == []


def test_it_can_talk_keep_order_and_play_alerts(as_site: None, alice: User, bob: User) -> None:
    stream = Stream.objects.get(creator=bob)
    BlockedWord.objects.create(word="gnarl")
    Gift.objects.filter(slug="moss-frog").update(from_level=1, club_only=True)
    GiftPolicy.objects.update_or_create(pk=1, defaults={"level_coins": list(range(10))})
    wanted: dict[str, Any] = {"fan": alice, "stream": stream, "gift": "moss-frog"}
    with pytest.raises(GiftRefused) as refused:
        send_gift(**wanted, key=uuid.uuid4())
    assert refused.value.code == "club_only"
    Gift.objects.filter(slug="moss-frog").update(club_only=False)
    with pytest.raises(GiftRefused) as refused:
        send_gift(**wanted, key=uuid.uuid4(), message="You gnarl")
    assert refused.value.code == "message_filtered"
    sent = send_gift(**wanted, key=uuid.uuid4(), message="Hello").gift
    line = say(user=alice, stream=stream, text="Hello")
    hiding.hide_line(by=bob, line=line)
    hiding.hide_message(by=bob, stream=stream, gift=sent.public_id)
    alerts_replay(creator=bob)
    set_goal(creator=bob, title="A new harp", unit="coins", target=100)
    token = rotate(creator=bob).token
    assert note_played(token=token, to=line.pk, done=[]).played_to == line.pk
    assert thank_due() == 0


def test_it_can_sell_recognise_and_pay_out(
    as_site: None, carol: User, bob: User, stream: Stream, dana: User, erin: User
) -> None:
    stage.paid(carol, 1_000)
    send_gift(fan=carol, stream=stream, gift="moss-frog", key=uuid.uuid4(), confirmed=True)
    assert recognition.recognise()
    payout = builders.ready(bob)
    builders.answered(dana, builders.sent(dana, erin, payout))
    assert builders.fresh(payout).state == Payout.State.SETTLED


def test_it_can_give_money_back(as_site: None, carol: User, dana: User) -> None:
    purchase = stage.paid(carol, 1_000)
    requests.withdraw(purchase=purchase, key=uuid.uuid4(), coins=100)
    sending.send_due()
    assert settlement.inspect(purchase).returned_coins == 100
    decided(disputed(purchase), SandboxDispute.State.LOST)
    assert ledger.balance("coins", "COIN", carol.pk) == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_posting SET kind = 'x'",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_posting CASCADE",
        "UPDATE ledger_transfer SET amount = amount + 1",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer",
        "INSERT INTO ledger_transfer (posting_id, unit, from_account_id, to_account_id, amount)"
        " VALUES (1, 'COIN', 1, 2, 5)",
        "INSERT INTO ledger_posting (key, kind) VALUES ('k', 'k')",
        "INSERT INTO ledger_key (key, posting_id, input_hash, created_at)"
        " VALUES ('k', 1, '', now())",
        "UPDATE ledger_key SET posting_id = 1",
        "DELETE FROM ledger_key",
        "SELECT ledger_write(ARRAY[1::bigint], ARRAY['k'], ARRAY['k'], ARRAY['\\x00'::bytea],"
        " '{}'::ledger_leg[])",
        "INSERT INTO ledger_rule (kind, reverses, from_kind, to_kind, unit, from_party, to_party,"
        " from_guarded, to_guarded)"
        " VALUES ('k', '', 'coins', 'coins', 'COIN', 'one', 'other', true, true)",
        "UPDATE ledger_rule SET to_kind = 'coins'",
        "DELETE FROM ledger_rule",
        "UPDATE ledger_account SET balance = balance + 1",
        "UPDATE ledger_snapshot SET credits = credits + 1",
        "UPDATE ledger_checkpoint SET xid = '0'::xid8",
        "ALTER TABLE ledger_transfer DISABLE TRIGGER transfer_append_only",
        "DROP TRIGGER posting_append_only ON ledger_posting",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION ledger_take_snapshots() RETURNS bigint"
        " LANGUAGE sql AS 'SELECT 0'",
        "UPDATE wallet_document SET net_minor = 1",
        "DELETE FROM wallet_document",
        "DELETE FROM wallet_documentseries",
        "ALTER TABLE wallet_document DISABLE TRIGGER document_stays",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('wallet', 'x', now())",
    ],
)
def test_it_cannot_write_around_ledger_post(as_site: None, change: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_it_cannot_post_what_no_rule_allows(as_site: None, alice: User, bob: User) -> None:
    mine, theirs = (ledger.account_id("coins", "COIN", user.pk) for user in (alice, bob))
    spent = ledger.account_id("coins_spent", "COIN")
    with connection.cursor() as cursor:
        # An account that could be overdrawn, past the chart.
        cursor.execute("SELECT ledger_open(%s, 'coins_held', 'COIN', false)", [alice.pk])
        (open_account,) = cursor.fetchone()
    orders = [
        ledger.Order("unknown", "present", [ledger.Leg("COIN", mine, spent, 5)]),
        ledger.Order("to-a-person", "gift", [ledger.Leg("COIN", mine, theirs, 5)]),
        ledger.Order("overdrawn", "test", [ledger.Leg("COIN", mine, open_account, 5)]),
    ]
    assert [answer.code for answer in ledger.post(orders)] == ["no_rule"] * 3
    assert ledger.balance("coins", "COIN", alice.pk) == 5_000


WRITABLE = """
SELECT c.oid::regclass::text FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relname LIKE 'ledger\\_%'
AND c.relname <> 'ledger_check'  -- what the audits found; no book
AND has_table_privilege('site', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
"""


def test_no_table_of_the_ledger_is_open_to_it_whatever_tables_there_are(as_site: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(WRITABLE)
        assert cursor.fetchall() == []


def test_its_job_forgets_old_keys_of_gifts_and_no_other(
    alice: User, stream: Stream, request: pytest.FixtureRequest
) -> None:
    long_ago = timezone.now() - timedelta(days=100)
    Key.objects.create(key="gift:old", posting_id=1, input_hash=b"", created_at=long_ago)
    request.getfixturevalue("as_site")
    assert pruning.prune_keys(older_than_days=90) == 1


def test_a_temporary_table_does_not_mislead_the_one_door(as_site: None, alice: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE ledger_account AS SELECT * FROM ledger_account")
        cursor.execute("UPDATE ledger_account SET balance = 1000000")
        spend = ledger.Leg(
            "COIN",
            ledger.account_id("coins", "COIN", alice.pk),
            ledger.account_id("coins_spent", "COIN"),
            5_001,
        )
        (answer,) = ledger.post([ledger.Order("spend", "test", [spend])])
        cursor.execute("DROP TABLE pg_temp.ledger_account")
    assert answer.code == "insufficient"
