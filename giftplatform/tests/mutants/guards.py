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
NAME_SHOWN = "live/sql/name_shown.sql"
ACCOUNT_TABLES = "accounts/migrations/0001_initial.py"
PAYOUT_TABLES = "payouts/migrations/0001_initial.py"
MOVING = "foundation/moving.py"
SETTLEMENT = "wallet/purchases/settlement.py"
REQUESTS = "payouts/requests/services.py"

RULES = "ledger/tests/test_ledger.py"
POSTING_RULES = "ledger/tests/test_rules.py"
ROLE = "giftplatform/tests/test_production_role.py"
CORRUPTED = "giftplatform/tests/test_checks.py"
COLUMNS = "giftplatform/tests/test_corruptions.py"
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
PAYOUT_FORGERIES = "payouts/tests/test_checks.py"
BANK_FILE = "payouts/tests/test_pain001.py"
BANKING_DAYS = "payouts/tests/test_banking_days.py"
OUTSIDE_EEA = "payouts/tests/test_outside_eea.py"
LETTERS = "payouts/tests/test_letters.py"
STATEMENT_READING = "payouts/tests/test_statement_reading.py"
STATEMENTS = "payouts/tests/test_statements.py"
STATUS_REPORTS = "payouts/tests/test_status_reports.py"
CONTRADICTIONS = "payouts/tests/test_contradictions.py"
PROPOSALS = "payouts/tests/test_proposals.py"
CHARGES = "payouts/tests/test_charges.py"
BALANCES = "payouts/tests/test_balances.py"
START = "giftplatform/tests/test_start.py"
MATRIX = "giftplatform/tests/test_matrix.py"
KEYS = "accounts/tests/test_keys.py"
API_KEYS = "accounts/tests/test_api_keys.py"
MOVES = "accounts/tests/test_moves.py"
RIGHTS = "accounts/tests/test_rights.py"
TAXES = "wallet/tests/test_taxes.py"
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

    @property
    def changes_tables(self) -> bool:
        """Whether the database is made from this file."""
        return any(part in self.path for part in ("/migrations/", "/sql/"))


@dataclass(frozen=True)
class Guard:
    """One guard, how to take it away, and the tests that must notice."""

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]


def guard(name: str, path: str, before: str, after: str, *tests: str) -> Guard:
    """Return a guard that goes with one edit."""
    return Guard(name, (Edit(path, before, after),), tests)


def constraint(name: str, path: str, fields: str, but: str, *tests: str) -> Guard:
    """Return a unique constraint that goes by adding a column which always differs."""
    before = f"models.UniqueConstraint(fields=({fields}), name='{name}')"
    return guard(
        f"unique: {name}", path, before, before.replace(fields, f"{fields}, {but}"), *tests
    )
