"""The stage: people who stay, money that is swept away after each example, a clock to turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.db.models import F, Model
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Creator as CreatorProfile
from care import models as care
from conftest import person
from giftplatform.tests.journal.world import Balances, Creator, Fan, World
from gifts.models import (
    BonusCost,
    Clawback,
    ClawbackGift,
    FollowedDispute,
    FollowedRefund,
    GiftPolicy,
    SentGift,
)
from gifts.tests.on_replay import over
from ledger import models as ledger
from live.models import Event, Stream
from live.streams.services import go_live
from live.tests.guests import open_to, seated
from payouts import postings as payout_postings
from payouts.models import (
    BankBalance,
    BankStatement,
    Batch,
    Payout,
    PayoutEvent,
    PayoutMethod,
    PayoutPolicy,
    Proposal,
    StatementLine,
)
from wallet import models as wallet
from wallet import postings as wallet_postings

MONEY: list[type[Model]] = [
    ledger.Transfer,
    ledger.Posting,
    ledger.Key,
    ledger.Snapshot,
    ledger.Account,
    care.GuardianRefund,
    wallet.BonusStep,
    wallet.BonusLot,
    wallet.Redemption,
    wallet.CodeTry,
    wallet.Code,
    wallet.CodeBatch,
    wallet.PurchaseBonus,
    wallet.Promotion,
    wallet.DisputeEvidence,
    wallet.DisputeStep,
    wallet.Dispute,
    wallet.SandboxDispute,
    wallet.Document,
    wallet.DocumentSeries,
    wallet.MovementBooking,
    wallet.ProviderMovement,
    wallet.StatementEmail,
    wallet.SandboxRefund,
    wallet.GiveBack,
    wallet.Refund,
    wallet.BankTransfer,
    wallet.AwaitedTransfer,
    wallet.TransferStatement,
    wallet.TopUpEmail,
    wallet.HoldEmail,
    wallet.VelocityHit,
    wallet.OrderTrace,
    wallet.PurchaseEvent,
    wallet.Purchase,
    wallet.TopUp,
    wallet.SavedMethod,
    wallet.WebhookEvent,
    wallet.SandboxNotice,
    wallet.SandboxPayment,
    wallet.SandboxSavedCard,
    ledger.LedgerCheck,
    BonusCost,
    ClawbackGift,
    Clawback,
    FollowedDispute,
    FollowedRefund,
    SentGift,
    Event,
    Proposal,
    StatementLine,
    BankBalance,
    BankStatement,
    PayoutEvent,
    Payout,
    Batch,
    PayoutMethod,
]
# Long enough that only the turned clock closes a window, never the one on the wall.
UNDO_SMALL, UNDO_LARGE = 30 * 60, 60 * 60
HOLD_DAYS = {"trusted": 7, "new": 14}


def make_world() -> World:
    """Return three fans of three currencies and two creators on air, all without a coin."""
    GiftPolicy.objects.update_or_create(
        pk=1, defaults={"undo_small_seconds": UNDO_SMALL, "undo_large_seconds": UNDO_LARGE}
    )
    PayoutPolicy.objects.update_or_create(pk=1, defaults={"min_usd_cents": 10})
    # Whom a rule against fraud finds in months of chance the model does not know.
    wallet.VelocityRule.objects.update(active=False)
    joined = timezone.now() - timedelta(days=400)
    fans = [
        Fan(person(name, country=country, date_joined=joined))
        for name, country in (("alice", "DE"), ("carol", "US"), ("frank", "JP"))
    ]
    creators = [new_creator("bob", "trusted"), new_creator("gwen", "new")]
    open_to(creators[0].user)
    seated(creators[0].stream, creators[1].user)
    return World(fans, creators)


def new_creator(name: str, trust: str) -> Creator:
    """Return a creator on air whose gifts wait as long as their trust says."""
    user = person(name, is_creator=True)
    CreatorProfile.objects.create(user=user, trust=trust)
    past = over(user, days=3_650)
    return Creator(user, go_live(creator=user, title=f"{name} at night"), past, HOLD_DAYS[trust])


@contextmanager
def unguarded() -> Iterator[None]:
    """Switch the triggers off for this connection; only a superuser of the database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def sweep_money_away() -> None:
    """Forget everything that was ever moved; people, economy and the checkpoint stay.

    Truncated: thousands of runs would leave so many dead rows that each look at them gets slower.
    """
    tables = ", ".join(model._meta.db_table for model in MONEY)
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables}")


def turn_clock(seconds: int) -> None:
    """Let time pass: every moment in the rows moves into the past."""
    gone = timedelta(seconds=seconds)
    SentGift.objects.update(
        created_at=F("created_at") - gone,
        moment=F("moment") - gone,
        undo_until=F("undo_until") - gone,
        release_at=F("release_at") - gone,
    )
    Stream.objects.filter(state=Stream.State.ENDED).update(
        started_at=F("started_at") - gone, ended_at=F("ended_at") - gone
    )
    wallet.Purchase.objects.update(created_at=F("created_at") - gone, due_at=F("due_at") - gone)
    wallet.SandboxPayment.objects.update(settles_at=F("settles_at") - gone)
    Payout.objects.update(created_at=F("created_at") - gone, due_at=F("due_at") - gone)
    PayoutMethod.objects.update(usable_from=F("usable_from") - gone)
    forge_digests()


def forge_digests() -> None:
    """Let every key remember its row as it is now: moments that moved would not fit theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_key k SET input_hash = gifts_digest(s) FROM gifts_sentgift s"
            " WHERE k.key = 'gift:' || s.public_id"
        )
        for facts in (*wallet_postings.FACTS, *payout_postings.FACTS):
            cursor.execute(
                "UPDATE ledger_key k SET input_hash = ledger_digest(p.kind, f.input, o.key)"
                f" FROM ({facts}) f(key, input) JOIN ledger_posting p ON p.key = f.key"
                " LEFT JOIN ledger_posting o ON o.id = p.reverses_id WHERE k.posting_id = p.id"
            )


def ring_for_everything() -> None:
    """Make every open order due now, as bells and patience would."""
    wallet.Purchase.objects.filter(due_at__isnull=False).update(due_at=Now())


def balances() -> Balances:
    """Return what every account of the ledger holds, on the credit side; zeros are left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, unit, owner_id, ledger_balance(id) FROM ledger_account")
        rows = cursor.fetchall()
    return {(kind, unit, owner): balance for kind, unit, owner, balance in rows if balance}
