"""A guard, and the files in which guards and the tests that notice stand."""

from dataclasses import dataclass

WRITE = "ledger/sql/write.sql"
POST = "ledger/sql/post.sql"
SNAPSHOTS = "ledger/sql/take_snapshots.sql"
APPEND_ONLY = "ledger/sql/append_only.sql"
LEDGER_SQL = "ledger/migrations/0002_sql.py"
LEDGER_TABLES = "ledger/migrations/0001_initial.py"
SEND = "gifts/sql/send.sql"
WALLET_TABLES = "wallet/migrations/0001_initial.py"
WORDS = "live/sql/refusal.sql"
PAYOUT_TABLES = "payouts/migrations/0001_initial.py"
SETTLEMENT = "wallet/purchases/settlement.py"
REQUESTS = "payouts/requests/services.py"

RULES = "ledger/tests/test_ledger.py"
LEDGER_RACES = "giftplatform/tests/test_ledger_races.py"
LAST_LINE = "giftplatform/tests/test_guards.py"
SENDING = "gifts/tests/sending/test_send.py"
SENDING_BATCHES = "gifts/tests/sending/test_send_batch.py"
BLOCKING = "gifts/tests/test_blocking.py"
ELIGIBILITY = "gifts/tests/sending/test_eligibility.py"
MESSAGES = "gifts/tests/sending/test_message_words.py"
SENDING_CROWD = "gifts/tests/sending/test_races.py"
RELEASE = "gifts/tests/earnings/test_release.py"
BUYING = "wallet/tests/test_purchases.py"
PAYOUT_BATCHES = "payouts/tests/test_batches.py"
PAYOUTS = "payouts/tests/test_request.py"
STATEMENTS = "payouts/tests/test_statements.py"
STATUS_REPORTS = "payouts/tests/test_status_reports.py"
CONTRADICTIONS = "payouts/tests/test_contradictions.py"
START = "giftplatform/tests/test_start.py"
MATRIX = "giftplatform/tests/test_matrix.py"
KEYS = "accounts/tests/test_keys.py"
RIGHTS = "accounts/tests/test_rights.py"
APPROVERS = "payouts/tests/test_new_approvers.py"
INCOMING = "giftplatform/tests/test_incoming.py"
LOST_RACES = "giftplatform/tests/test_lost_races.py"


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
        """Whether the tests need a database made anew, from the changed migrations or texts."""
        return any(part in edit.path for edit in self.edits for part in ("/migrations/", "/sql/"))


def guard(name: str, path: str, before: str, after: str, *tests: str) -> Guard:
    """Return a guard that goes with one edit."""
    return Guard(name, (Edit(path, before, after),), tests)


def constraint(name: str, path: str, fields: str, but: str, *tests: str) -> Guard:
    """Return a unique constraint that goes by adding a column which always differs."""
    before = f"models.UniqueConstraint(fields=({fields}), name='{name}')"
    return guard(
        f"unique: {name}", path, before, before.replace(fields, f"{fields}, {but}"), *tests
    )
