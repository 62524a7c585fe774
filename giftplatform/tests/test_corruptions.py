"""The audit finds what one statement of a database superuser can do to any column of the money.

The columns come from the models, so that a new one comes in by itself: either the audit finds it
changed and names its row, or it stands in `NOT_MONEY` with the reason.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from giftplatform.tests.book import write_book
from giftplatform.tests.proof import size
from ledger import checks
from ledger.models import Rule, XidField
from ledger.sources import gathered

APPS = ("ledger", "wallet", "gifts", "payouts")

WORKERS_NOTE = "a worker's note of when to look again and how often it did"
FOR_PEOPLE = "words for people"
ON_PAPER = "words of a paper, beside its figures"
# Tables and columns on which nothing depends that was booked, and why.
NOT_MONEY = {
    "ledger.LedgerCheck": "what earlier audits found; the next one says it anew",
    "ledger.Checkpoint.moved_at": "when snapshots were taken last, for people",
    "ledger.Transfer.id": "no row names it; it only orders the transfers of a posting",
    "ledger.Rule.id": "no row names it",
    "wallet.WebhookEvent": "a provider's message: never believed, only a reason to ask",
    "wallet.SandboxPayment": "the sandbox provider's own book, compared in sum (invariant 13)",
    "wallet.SandboxRefund": "the sandbox provider's own book, compared in sum (invariant 13)",
    "wallet.SandboxNotice": "the sandbox provider's messages",
    "wallet.SpendingPolicy": "rules for what comes",
    "wallet.Bundle": "prices of what comes; an order keeps its own",
    "wallet.BundlePrice": "prices of what comes; an order keeps its own",
    "wallet.FxRate": "rates of what comes; a payout keeps its own",
    "wallet.RateCard.code": FOR_PEOPLE,
    "wallet.RateCard.note": FOR_PEOPLE,
    "wallet.RateCard.valid_from": "decides on what comes; gifts and payouts name their card",
    "wallet.RateCard.coin_value_micro_usd": "makes prices of what comes; an order keeps its own",
    "wallet.Purchase.pay_url": "where the fan pays; what was paid is asked of the provider",
    "wallet.Purchase.due_at": WORKERS_NOTE,
    "wallet.Purchase.attempts": WORKERS_NOTE,
    "wallet.Purchase.asked_at": WORKERS_NOTE,
    "wallet.OrderTrace": "where an order came from, for the rules against fraud; it books nothing",
    "wallet.VelocityRule": "rules for what comes",
    "wallet.VelocityHit": "what a rule found and people decided, which a trigger keeps",
    "wallet.Purchase.needs_attention": FOR_PEOPLE,
    "wallet.Purchase.attention_seen": FOR_PEOPLE,
    "wallet.Purchase.attention_seen_by": FOR_PEOPLE,
    "wallet.Purchase.attention_seen_at": FOR_PEOPLE,
    "wallet.Purchase.paid_from": "what the provider says, for people; the order's country is taxed",
    "wallet.Purchase.payment_reference": "another name for the payment; the order's own decides",
    "wallet.Purchase.top_up": "who asked for the order, which a trigger keeps; it books nothing",
    "wallet.TopUp": "what a fan agreed to, which a trigger keeps; its orders are compared",
    "wallet.TopUpEmail": "which orders were told of",
    "wallet.HoldEmail": "which orders were told of",
    "wallet.SavedMethod": "names of a card at the provider; what it paid is asked there",
    "wallet.SandboxSavedCard": "the sandbox provider's own book, asked for and never believed",
    "wallet.Refund.note": FOR_PEOPLE,
    "wallet.Refund.by_hand_at": "when it was proposed, for people",
    "wallet.Refund.notify_at": WORKERS_NOTE,
    "wallet.Refund.due_at": WORKERS_NOTE,
    "wallet.Refund.attempts": WORKERS_NOTE,
    "wallet.Refund.needs_attention": FOR_PEOPLE,
    "wallet.Purchase.terms_version": "which text was accepted; no amount rests on it",
    "wallet.SandboxDispute": "the sandbox provider's own book, asked for and never believed",
    "wallet.DisputePolicy": "rules for what comes; a dispute keeps its own",
    "wallet.DisputeEvidence": "what the bank was told; it books nothing",
    "wallet.Dispute.provider_reference": "the provider's name, which its next report goes by",
    "wallet.Dispute.reason": FOR_PEOPLE,
    "wallet.Dispute.coins": "bounds what is frozen; what was frozen is compared",
    "wallet.Dispute.tax_back": "how a loss is divided; its step keeps what was booked",
    "wallet.Dispute.opened_at": "when, for people; the postings keep the moments",
    "wallet.Dispute.evidence_due_at": "when, for people",
    "wallet.Dispute.needs_attention": FOR_PEOPLE,
    "wallet.DisputeStep.id": "no row names it",
    "wallet.PurchaseEvent.id": "its place among the steps, which the audit walks in this order",
    "wallet.PurchaseEvent.note": FOR_PEOPLE,
    "wallet.PurchaseEvent.created_at": "when, for people; the posting keeps the moment",
    "wallet.BonusLot.created_at": "when, for people; its first step keeps the moment",
    "wallet.BonusLot.expires_at": "when, not how much; its end is booked by a step",
    "wallet.BonusLot.due_at": WORKERS_NOTE,
    "wallet.BonusLot.attempts": WORKERS_NOTE,
    "wallet.BonusLot.needs_attention": FOR_PEOPLE,
    "wallet.BonusLot.mail_due_at": WORKERS_NOTE,
    "wallet.BonusLot.mail_attempts": WORKERS_NOTE,
    "wallet.BonusLot.mailed_at": WORKERS_NOTE,
    "wallet.BonusStep.id": "no row names it",
    "wallet.Promotion.name": FOR_PEOPLE,
    "wallet.Promotion.region": "to whom it was offered; orders keep what they were promised",
    "wallet.Promotion.bundle": "to whom it was offered; orders keep what they were promised",
    "wallet.Promotion.starts_at": "decides on what comes",
    "wallet.Promotion.ends_at": "decides on what comes",
    "wallet.Promotion.budget_coins": "decides on what comes; what was granted is compared",
    "wallet.Promotion.per_fan_coins": "decides on what comes",
    "wallet.Promotion.stopped_at": "decides on what comes",
    "wallet.Promotion.created_by": "who made it, for people; the staff log says it too",
    "wallet.Promotion.created_at": "when, for people",
    "wallet.PurchaseBonus.id": "no row names it",
    "wallet.PurchaseBonus.granted_at": "when, for people; the bonus itself is compared",
    "wallet.CodePolicy": "rules for what comes",
    "wallet.CodeTry": "wrong codes of the last hours; it books nothing",
    "wallet.CodeBatch.name": FOR_PEOPLE,
    "wallet.CodeBatch.sandbox": "in which mode the site starts; it books nothing",
    "wallet.CodeBatch.valid_from": "decides on what comes",
    "wallet.CodeBatch.valid_until": "decides on what comes",
    "wallet.CodeBatch.created_by": "who proposed it, for people; the staff log says it too",
    "wallet.CodeBatch.decided_by": "who confirmed it; a constraint asks for another person",
    "wallet.CodeBatch.blocked_by": "who blocked it, for people",
    "wallet.CodeBatch.created_at": "when, for people",
    "wallet.CodeBatch.made_at": "when, for people; its codes are counted",
    "wallet.Code.digest": "with another one nobody redeems the code",
    "wallet.Code.void_at": "decides on what comes; a constraint keeps it from what was redeemed",
    "wallet.Code.void_by": "who made it void, for people; the staff log says it too",
    "wallet.Code.void_reason": FOR_PEOPLE,
    "wallet.Redemption.public_id": "its address",
    "wallet.Redemption.key": "which request it was; an order keeps its own",
    "wallet.Redemption.created_at": "when, for people; the postings keep the moments",
    "wallet.StatementEmail": "which months were emailed",
    "wallet.Document.id": "only a note that corrects it names it, which a trigger keeps",
    "wallet.Document.public_id": "its address",
    "wallet.Document.seller_name": ON_PAPER,
    "wallet.Document.seller_address": ON_PAPER,
    "wallet.Document.seller_tax_id": ON_PAPER,
    "wallet.Document.buyer_name": ON_PAPER,
    "wallet.Document.buyer_handle": ON_PAPER,
    "wallet.Document.country_name": ON_PAPER,
    "wallet.Document.method": ON_PAPER,
    "wallet.Document.payment_reference": ON_PAPER,
    "wallet.Document.terms_version": ON_PAPER,
    "wallet.Document.refund_rule": ON_PAPER,
    "wallet.Document.issued_at": "when, for people; the day of the tax is when the money moved",
    "wallet.Document.due_at": WORKERS_NOTE,
    "wallet.Document.attempts": WORKERS_NOTE,
    "wallet.Document.mailed_at": WORKERS_NOTE,
    "wallet.AwaitedTransfer.id": "no row names it",
    "wallet.AwaitedTransfer.awaited_until": "decides on what comes",
    "wallet.AwaitedTransfer.honoured_until": "decides on what comes",
    "wallet.AwaitedTransfer.created_at": "when, for people",
    "wallet.TransferStatement": "which files were read; what they say is in the transfers",
    "wallet.RefusedFile": "files of which nothing was read",
    "wallet.SenderRule": "rules for what comes",
    "wallet.BankTransfer.payer_iban": "encrypted with the transfer's own id, compared when read",
    "wallet.BankTransfer.why": FOR_PEOPLE,
    "wallet.BankTransfer.created_at": "when, for people; the posting keeps the moment",
    "wallet.BankTransfer.reversal_key": "which row took it back, or will; the moment is booked",
    "wallet.BankTransfer.due_at": WORKERS_NOTE,
    "wallet.BankTransfer.attempts": WORKERS_NOTE,
    "wallet.BankTransfer.needs_attention": FOR_PEOPLE,
    "wallet.GiveBack.created_at": "when, for people",
    "wallet.GiveBack.ordered_at": "when, for people; the posting keeps when it left",
    "wallet.ProviderMovement.id": "no row names it",
    "wallet.ProviderMovement.payment": "by it orders are found to ask about; it books nothing",
    "wallet.ProviderMovement.moved_at": "when, for people; the posting keeps the moment of ours",
    "wallet.ProviderMovement.read_at": "when, for people",
    "wallet.MovementBooking.proposed_at": "when, for people",
    "wallet.MovementBooking.decided_at": "when, for people; the posting keeps the moment",
    "wallet.MovementBooking.needs_attention": FOR_PEOPLE,
    "gifts.GiftPolicy": "rules for what comes",
    "gifts.Gift": "the catalogue; a gift keeps its price",
    "gifts.Upload": "pictures of the catalogue",
    "gifts.FollowedDispute": "which disputes workers looked at; the gifts say what was done",
    "gifts.BonusCost.id": "no row names it",
    "gifts.FollowedRefund": "which refunds workers looked at; the gifts say what was done",
    "gifts.Clawback.notify_at": WORKERS_NOTE,
    "gifts.ClawbackGift.id": "no row names it",
    "gifts.GiftPrice.valid_from": "decides on what comes; a gift names its price",
    "gifts.SentGift.message": FOR_PEOPLE,
    "gifts.SentGift.undo_until": "a window of seconds that is closed for what was booked",
    "gifts.SentGift.release_at": "when, not how much or to whom; staff may end a hold",
    "gifts.SentGift.thanked_at": "a courtesy",
    "payouts.PayoutPolicy": "rules for what comes",
    "payouts.PayoutMethod.usable_from": "when, not where to; two people look at a file",
    "payouts.PayoutMethod.locked_reason": "stops what comes, or not; the bank refuses again",
    "payouts.PayoutMethod.auto_weekly": "asks for a payout that is guarded like any other",
    "payouts.PayoutMethod.next_auto_at": "asks for a payout that is guarded like any other",
    "payouts.PayoutMethod.notify_at": WORKERS_NOTE,
    "payouts.PayoutMethod.created_at": "when, for people",
    "payouts.PayoutMethod.removed_at": "whether it is used again, not what it says",
    "payouts.PayoutMethod.address_encrypted": "the holder's own, beside the account that counts",
    "payouts.Batch.execute_on": "a day, which stands in the file too",
    "payouts.Batch.csv": "a copy for people's eyes, encrypted; the bank takes the file",
    "payouts.Payout.held_reason": "people's stop, which a trigger lets two people end",
    "payouts.Payout.held_at": "when, for people",
    "payouts.Payout.due_at": WORKERS_NOTE,
    "payouts.Payout.attempts": WORKERS_NOTE,
    "payouts.Payout.needs_attention": FOR_PEOPLE,
    "payouts.PayoutEvent.id": "its place among the steps, which the audit walks in this order",
    "payouts.PayoutEvent.note": FOR_PEOPLE,
    "payouts.PayoutEvent.notify_at": WORKERS_NOTE,
    "payouts.PayoutEvent.created_at": "when, for people; the posting keeps the moment",
    "payouts.BankStatement.sha256": "without it a file is read again, and books nothing twice",
    "payouts.BankStatement.statement_id": FOR_PEOPLE,
    "payouts.BankStatement.iban_masked": FOR_PEOPLE,
    "payouts.BankStatement.uploaded_by": "who brought the file; a proposal from it keeps its own",
    "payouts.BankStatement.uploaded_at": "when, for people",
    "payouts.BankStatement.left_out": FOR_PEOPLE,
    "payouts.BankBalance": "the bank's word beside the ledger's, for people; it books nothing",
    "payouts.StatementLine.id": "only a proposal names it, which is compared",
    "payouts.StatementLine.statement": "which upload it came with; what it says is compared",
    "payouts.StatementLine.number": "its place in the report",
    "payouts.StatementLine.note": FOR_PEOPLE,
}
SHORT = {"unit", "currency", "kind"}
NAMING = {"key", "unit", "kind", "reference"}
UNITS = {"EUR": "USD", "COIN": "DIAMOND", "DIAMOND": "COIN"}
OTHERS: dict[type, Callable[[Any], Any]] = {
    bool: lambda now: not now,
    datetime: lambda now: now + timedelta(days=1),
    date: lambda now: now + timedelta(days=1),
    uuid.UUID: lambda now: uuid.uuid4(),
    bytes: lambda now: b"other",
    memoryview: lambda now: b"other",
    str: lambda now: UNITS.get(now, f"{now[:-1]}~"),
    Decimal: lambda now: now + 1,
}
TYPICAL: dict[str, dict[str, Any]] = {
    "ledger.Account": {"kind": "coins"},
    "ledger.Posting": {"kind": "purchase"},
    "ledger.Key": {"key__startswith": "purchase:"},
    "ledger.Transfer": {"posting__kind": "purchase"},
    "wallet.Purchase": {"state": "paid"},
    "wallet.Refund": {"state": "done", "coins__gt": 0, "loss_minor__gt": 0},
    "wallet.Dispute": {"state": "lost"},
    "wallet.DisputeStep": {"kind": "lost"},
    "wallet.CodeBatch": {"kind": "prepaid"},
    "wallet.Code": {"batch__kind": "prepaid"},
    "wallet.Redemption": {"code__batch__kind": "bonus"},
    "wallet.BonusLot": {"purchase__isnull": False},
    "gifts.Clawback": {"state": "taken", "owed_diamonds__gt": 0},
    "wallet.AwaitedTransfer": {"purchase__state": "paid"},
    "wallet.BankTransfer": {"state": "used", "approved_by__isnull": False},
    "wallet.GiveBack": {"state": "sent", "kind": "surplus"},
    "wallet.ProviderMovement": {"kind": "charge", "source_currency": "JPY"},
    "wallet.MovementBooking": {"state": "booked", "takes_back__isnull": True},
    "gifts.SentGift": {"released_at__isnull": False, "bonus_coins__gt": 0},
    "gifts.GiftPrice": {"gift__slug": "moss-frog"},
    "payouts.Payout": {"state": "settled"},
    "payouts.Batch": {"state": "approved"},
    "payouts.PayoutMethod": {"payouts__state": "settled"},
    "payouts.StatementLine": {"outcome": "returned", "credit": True},
    "payouts.Proposal": {"kind": "charge"},
}
STATES = {
    "ledger.Account": "kind",
    "ledger.Posting": "kind",
    "ledger.Transfer": "posting__kind",
    "wallet.PurchaseEvent": "state",
    "wallet.Refund": "state",
    "wallet.Dispute": "state",
    "wallet.DisputeStep": "kind",
    "wallet.BonusStep": "kind",
    "gifts.Clawback": "state",
    "wallet.BankTransfer": "state",
    "wallet.GiveBack": "state",
    "wallet.ProviderMovement": "kind",
    "payouts.Payout": "state",
    "payouts.PayoutEvent": "state",
    "payouts.Proposal": "kind",
}
# What pays the money of a return again is held against that one, and proven once it has left.
NOT_BOOKED = {"payouts.Payout": {"pays_again__isnull": False}}


@pytest.fixture
def book(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wallet.checks.DOCUMENTS_COME_WITHIN", timedelta(0))
    write_book()
    assert checks.run() == []


def tables() -> Iterator[type[models.Model]]:
    """Yield the models of the money."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            if model._meta.label not in NOT_MONEY:
                yield model


def columns(model: type[models.Model]) -> Iterator[Any]:
    """Yield a model's columns that are money."""
    for field in model._meta.concrete_fields:
        if f"{model._meta.label}.{field.name}" not in NOT_MONEY:
            yield field


def others(field: Any, row: Any) -> Iterator[Any]:
    """Yield values of the same type that are not what stands in this row."""
    now = getattr(row, field.attname)
    if field.null and now is not None:
        yield None
    if field.is_relation:
        others = field.related_model._base_manager.exclude(pk=now).order_by("pk")
        if field.related_model._meta.label == "accounts.User":
            others = others.exclude(pk=getattr(row, "fan_id", None))
        yield others.values_list("pk", flat=True).first() or (now or 0) + 1_000
        return
    if field.choices:
        yield next(value for value, _ in field.flatchoices if value != now)
        return
    yield other_value(field, now)


def other_value(field: Any, now: Any) -> Any:
    """Return another value of a plain column."""
    if now is None:
        return timezone.now() if isinstance(field, models.DateTimeField) else 1
    if isinstance(now, int) and not isinstance(now, bool):
        far = 2**40 if isinstance(field, XidField) else 1_000 if field.primary_key else 1
        return str(now + far) if isinstance(field, XidField) else now + far
    return OTHERS[type(now)](now)


def names(model: type[models.Model], row: Any) -> set[str]:
    """Return the words by which people find a row: its id, its numbers, those of its parents."""
    found = {str(row.pk)}
    for field in model._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.unique or field.is_relation or field.name in NAMING:
            found.add(str(value))
        if isinstance(field, models.ForeignKey) and value is not None:
            parent = getattr(row, field.name)
            found |= {str(getattr(parent, n)) for n in ("public_id", "key") if hasattr(parent, n)}
    # A bank account or a file is found by what left with it, and so is what was said of a file.
    for one in (row, getattr(row, "batch", None)):
        if one is not None and hasattr(one, "payouts"):
            found |= {str(number) for number in one.payouts.values_list("public_id", flat=True)}
    return found - {"None", ""}


def found_and_named(said: set[str]) -> bool:
    """Return whether the audit finds something and a row of it says one of these words.

    A short one, such as an id, counts in a column of ids alone.
    """
    rows = [row for breach in checks.run() for row in breach.rows]
    told = [(name, str(value)) for row in rows for name, value in row.items()]
    ids = {value for name, value in told if name.endswith("id") or name in SHORT}
    return bool(ids & said) or any(
        one in value for one in said if len(one) > 8 for _, value in told
    )


def corrupted(text: str, params: list[Any], said: set[str]) -> bool:
    """Return whether this statement of a superuser is refused, or else found; then take it back."""
    with transaction.atomic(), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute(text, params)
                cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        except DatabaseError:
            return True
        found = found_and_named(said)
        transaction.set_rollback(True)
    return found


def rows_of(model: type[models.Model]) -> list[Any]:
    """Return the row of a table that most depends on; with `PROOF=full` one of each state."""
    rows = model._base_manager.order_by("pk")
    if nothing := NOT_BOOKED.get(model._meta.label):
        rows = rows.exclude(**nothing)
    some = [rows.filter(**TYPICAL.get(model._meta.label, {})).first()]
    by = STATES.get(model._meta.label)
    if by and size(0, 1):
        some += [
            rows.filter(**{by: s}).first() for s in sorted(set(rows.values_list(by, flat=True)))
        ]
    assert None not in some, f"the book tells nothing of {model._meta.label}"
    return some


def test_a_changed_column_is_found(book: None) -> None:
    unfound = []
    for model in tables():
        pk = str(model._meta.pk.column)
        for row in rows_of(model):
            for field in columns(model):
                text = f"UPDATE {model._meta.db_table} SET {field.column} = %s WHERE {pk} = %s"
                for value in others(field, row):
                    if not corrupted(text, [value, row.pk], names(model, row) | {str(value)}):
                        unfound.append(f"{model._meta.label}.{field.name}: {row} -> {value!r}")
    assert unfound == []


def test_a_row_that_is_gone_or_there_twice_is_found(book: None) -> None:
    unfound = []
    for model in tables():
        table, pk = model._meta.db_table, str(model._meta.pk.column)
        fresh = {
            str(f.column): uuid.uuid4()
            for f in model._meta.concrete_fields
            if f.name in {"public_id"}
        }
        copied = [str(f.column) for f in model._meta.concrete_fields if not f.primary_key]
        values = ", ".join("%s" if column in fresh else column for column in copied)
        for row in rows_of(model):
            said = names(model, row)
            if not corrupted(f"DELETE FROM {table} WHERE {pk} = %s", [row.pk], said):
                unfound.append(f"{model._meta.label} without {row}")
            text = f"INSERT INTO {table} ({', '.join(copied)}) SELECT {values} FROM {table}"
            said |= {str(value) for value in fresh.values()}
            if not corrupted(f"{text} WHERE {pk} = %s", [*fresh.values(), row.pk], said):
                unfound.append(f"{model._meta.label} twice {row}")
    assert unfound == []


def test_each_exception_is_a_column_that_there_is() -> None:
    labels = {model._meta.label for app in APPS for model in apps.get_app_config(app).get_models()}
    named = {
        f"{model._meta.label}.{field.name}"
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
    }
    assert set(NOT_MONEY) <= labels | named


USED = """
    SELECT DISTINCT p.kind, coalesce(o.kind, '') AS reverses, ledger_family(f.kind) AS giver,
        ledger_family(g.kind) AS taker
    FROM ledger_transfer t JOIN ledger_posting p ON p.id = t.posting_id
    LEFT JOIN ledger_posting o ON o.id = p.reverses_id
    JOIN ledger_account f ON f.id = t.from_account_id
    JOIN ledger_account g ON g.id = t.to_account_id
"""


def test_the_site_uses_each_of_its_rules(book: None) -> None:
    """A transfer that no rule allows was refused; here no rule allows what nothing does."""
    used = {tuple(row.values()) for row in checks.query(USED)}
    of_tests = {"test", "bonus"}
    rules = {(r.kind, r.reverses, r.from_kind, r.to_kind) for r in Rule.objects.all()}
    ours = {rule for rule in rules if not of_tests & set(rule[:2])}
    assert ours == {one for one in used if not of_tests & set(one[:2])}


def test_each_kind_of_posting_is_held_against_a_row(db: None) -> None:
    proven = {kind for source in gathered("SOURCES") for kind in source.kinds}
    by_a_check_of_their_own = {"gift", "undo", "recognition"}
    of_tests = {"test", "bonus"}
    kinds = set(Rule.objects.values_list("kind", flat=True))
    assert kinds == proven | by_a_check_of_their_own | of_tests
