"""The guards and how each is taken away. Edits are exact text; a guard that moved is noticed."""

from dataclasses import dataclass

LEDGER = "wallet/migrations/0002_ledger.sql"
SEND = "gifts/migrations/0002_send.sql"
WALLET_TABLES = "wallet/migrations/0001_initial.py"
PAYOUT_TABLES = "payouts/migrations/0001_initial.py"
SETTLEMENT = "wallet/settlement.py"
REQUESTS = "payouts/services.py"

RULES = "wallet/tests/test_ledger.py"
CROWD = "giftplatform/tests/test_ledger_races.py"
LAST_LINE = "giftplatform/tests/test_guards.py"
SENDING = "gifts/tests/test_send.py"
SENDING_CROWD = "gifts/tests/test_races.py"
RELEASE = "gifts/tests/test_release.py"
BUYING = "wallet/tests/test_purchases.py"
BATCHES = "payouts/tests/test_batches.py"
PAYOUTS = "payouts/tests/test_request.py"
STATEMENTS = "payouts/tests/test_statements.py"
START = "giftplatform/tests/test_start.py"


@dataclass(frozen=True)
class Edit:
    """One text in one file, and what stands there when the guard is gone."""

    path: str
    before: str
    after: str
    times: int = 1


@dataclass(frozen=True)
class Guard:
    """One guard, how to take it away, and the tests that must notice."""

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]

    @property
    def changes_tables(self) -> bool:
        """Whether the tests need a database made from the changed migrations."""
        return any("/migrations/" in edit.path for edit in self.edits)


def guard(name: str, path: str, before: str, after: str, *tests: str) -> Guard:
    """Return a guard that goes with one edit."""
    return Guard(name, (Edit(path, before, after),), tests)


def constraint(name: str, path: str, fields: str, but: str, *tests: str) -> Guard:
    """Return a unique constraint that goes by adding a column which always differs."""
    before = f"models.UniqueConstraint(fields=({fields}), name='{name}')"
    return guard(
        f"unique: {name}", path, before, before.replace(fields, f"{fields}, {but}"), *tests
    )


LOCK = "    ORDER BY a.id FOR NO KEY UPDATE;\n"
TRIGGER = (
    "CREATE TRIGGER {0}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_{0}\n"
    "    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();\n"
)

GUARDS = [
    guard(
        "the ledger checks the balance before it posts",
        LEDGER,
        "WHERE a.guarded AND a.balance + d.delta < 0",
        "WHERE false",
        RULES,
    ),
    guard(
        "CHECK balance_never_negative",
        WALLET_TABLES,
        "('balance__gte', 0)",
        "('balance__gte', -(10**15))",
        RULES,
    ),
    Guard(
        "unique: the posting's key",
        (
            Edit(
                WALLET_TABLES, "CharField(max_length=120, unique=True)", "CharField(max_length=120)"
            ),
            Edit(LEDGER, "        ON CONFLICT (key) DO NOTHING RETURNING", "        RETURNING"),
        ),
        (CROWD,),
    ),
    guard(
        "a known key is answered before anything else is looked at",
        LEDGER,
        "WHERE key = item->>'key';\n        IF FOUND THEN",
        "WHERE false;\n        IF FOUND THEN",
        LAST_LINE,
    ),
    Guard(
        "the same key with another input is refused (input hash)",
        (Edit(LEDGER, "IF earlier.input_hash = digest THEN", "IF true THEN", times=2),),
        (RULES,),
    ),
    guard(
        "guarded accounts are locked before they are read",
        LEDGER,
        LOCK,
        "    ORDER BY a.id;\n",
        CROWD,
    ),
    guard(
        "guarded accounts are locked in one order",
        LEDGER,
        LOCK,
        "    ORDER BY random() FOR NO KEY UPDATE;\n",
        CROWD,
    ),
    guard(
        "the sender's purse is locked before the key is looked up",
        SEND,
        "AND a.unit = 'COIN' AND a.guarded ORDER BY a.id FOR NO KEY UPDATE;",
        "AND a.unit = 'COIN' AND a.guarded ORDER BY a.id;",
        SENDING_CROWD,
    ),
    guard("postings are append-only", LEDGER, TRIGGER.format("posting"), "", RULES),
    guard("transfers are append-only", LEDGER, TRIGGER.format("transfer"), "", RULES),
    guard(
        "both accounts have the transfer's unit",
        LEDGER,
        "f.unit IS DISTINCT FROM t->>'unit' OR g.unit IS DISTINCT FROM t->>'unit'",
        "f.id IS NULL OR g.id IS NULL",
        RULES,
    ),
    guard(
        "amounts are positive",
        LEDGER,
        " OR coalesce((t->>'amount')::bigint, 0) <= 0",
        "",
        RULES,
    ),
    guard(
        "the fold stops at the oldest running transaction",
        LEDGER,
        "upto := pg_snapshot_xmin(pg_current_snapshot());",
        "upto := pg_snapshot_xmax(pg_current_snapshot());",
        CROWD,
    ),
    guard(
        "of two folds the second waits",
        LEDGER,
        "FROM ledger_horizon WHERE id = 1 FOR UPDATE;",
        "FROM ledger_horizon WHERE id = 1;",
        CROWD,
    ),
    guard(
        "a posting is reversed once: the ledger looks",
        LEDGER,
        "ELSIF EXISTS (SELECT 1 FROM ledger_posting WHERE reverses_id = original.id) THEN",
        "ELSIF false THEN",
        RULES,
    ),
    guard(
        "a posting is reversed once: of two, the second waits",
        LEDGER,
        "WHERE key = item->>'reverses' FOR NO KEY UPDATE;",
        "WHERE key = item->>'reverses';",
        CROWD,
    ),
    guard(
        "a posting is reversed once: the constraint",
        WALLET_TABLES,
        "('reverses', models.OneToOneField(",
        "('reverses', models.ForeignKey(",
        CROWD,
    ),
    guard(
        "a reversal is never reversed",
        LEDGER,
        "ELSIF original.reverses_id IS NOT NULL THEN",
        "ELSIF false THEN",
        RULES,
    ),
    guard(
        "diamonds wait for their release date",
        "gifts/models.py",
        "released_at__isnull=True, release_at__lte=timezone.now()",
        "released_at__isnull=True",
        RELEASE,
    ),
    guard(
        "gifts are released once",
        "gifts/release.py",
        "    SentGift.objects.filter(pk__in=[pk for pk, _ in claimed]).update(released_at=Now())\n",
        "",
        RELEASE,
    ),
    guard(
        "of two releases at once each gift is in one",
        "gifts/release.py",
        'due.select_for_update(skip_locked=True, of=("self",)).values_list(',
        "due.values_list(",
        SENDING_CROWD,
    ),
    guard(
        "a gift is taken back within its window",
        "gifts/services.py",
        "if timezone.now() > gift.undo_until or gift.released_at:",
        "if gift.released_at:",
        SENDING,
    ),
    guard(
        "what was released is not taken back",
        "gifts/services.py",
        "if timezone.now() > gift.undo_until or gift.released_at:",
        "if timezone.now() > gift.undo_until:",
        RELEASE,
    ),
    guard(
        "an order moves by compare-and-set",
        "wallet/models/purchases.py",
        "same = Purchase.objects.filter(pk=self.pk, state=before)",
        "same = Purchase.objects.filter(pk=self.pk)",
        LAST_LINE,
    ),
    guard(
        "a captured order is credited under one key",
        SETTLEMENT,
        'return f"purchase:{purchase.public_id}"',
        'import uuid\n    return f"purchase:{uuid.uuid4()}"',
        BUYING,
        LAST_LINE,
    ),
    guard(
        "the provider's amount and currency are compared",
        SETTLEMENT,
        "if (truth.amount_minor, truth.currency) != (purchase.total_minor, purchase.currency):",
        "if False:",
        BUYING,
    ),
    guard(
        "the provider's payment belongs to the order",
        SETTLEMENT,
        " or truth.order != str(purchase.public_id):",
        ":",
        BUYING,
    ),
    constraint("one_webhook_per_event", WALLET_TABLES, "'provider', 'event_id'", "'id'", LAST_LINE),
    constraint("one_purchase_per_press", WALLET_TABLES, "'user', 'key'", "'id'", LAST_LINE),
    constraint("one_payout_per_press", PAYOUT_TABLES, "'creator', 'key'", "'id'", LAST_LINE),
    guard(
        "one payout per press: the service looks",
        REQUESTS,
        "key=key).first():\n        return _same(",
        "key=key).none().first():\n        return _same(",
        PAYOUTS,
    ),
    guard(
        "a payout takes no more than there is",
        REQUESTS,
        "if worth.diamonds > available:",
        "if False:",
        PAYOUTS,
    ),
    guard(
        "a payout moves by compare-and-set",
        "payouts/models/payouts.py",
        "same = Payout.objects.filter(pk=self.pk, state=before)",
        "same = Payout.objects.filter(pk=self.pk)",
        LAST_LINE,
    ),
    guard(
        "a batch moves by compare-and-set",
        "payouts/models/payouts.py",
        "same = Batch.objects.filter(pk=self.pk, state=before)",
        "same = Batch.objects.filter(pk=self.pk)",
        LAST_LINE,
    ),
    guard(
        "batch_needs_two_people: the constraint",
        PAYOUT_TABLES,
        "models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('built_by')),"
        " _negated=True), _connector='OR'), name='batch_needs_two_people'",
        "models.Q(('currency__isnull', False)), name='batch_needs_two_people'",
        LAST_LINE,
    ),
    guard(
        "batch_needs_two_people: the service",
        "payouts/batches.py",
        "if by.pk == batch.built_by_id:",
        "if False:",
        BATCHES,
    ),
    guard(
        "bank details are looked at again at approval",
        "payouts/batches.py",
        "if payout.method.locked or payout.method.removed_at or payout.method.frozen:",
        "if False:",
        BATCHES,
    ),
    guard(
        "a bank's row must name the payout's amount and currency",
        "payouts/statements.py",
        "if row.amount_minor is not None and sums != (payout.amount_minor, payout.currency):",
        "if False:",
        STATEMENTS,
    ),
    guard(
        "nothing leaves while the books do not balance",
        "payouts/batches.py",
        "    if LedgerCheck.payouts_frozen():\n        raise refusals.PayoutsPaused",
        "    return",
        BATCHES,
    ),
    guard(
        "play money does not go live",
        "giftplatform/sandbox_guard.py",
        "    if found:\n",
        "    if False:\n",
        START,
    ),
    guard(
        "live mode needs its secrets",
        "giftplatform/secrets.py",
        "missing = [] if sandbox else",
        "missing = [] if True else",
        START,
    ),
]
