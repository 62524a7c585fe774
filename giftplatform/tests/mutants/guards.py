"""What a guard is, and where guards and the tests that notice stand."""

from dataclasses import dataclass

BOOKS = "wallet/migrations/0002_ledger.sql"
LEDGER = "wallet/migrations/0006_sets.sql"
KEYS = "wallet/migrations/0006_sets.py"
SEND = "gifts/migrations/0007_gated_send.sql"
WALLET_TABLES = "wallet/migrations/0001_initial.py"
WORDS = "live/migrations/0006_words.sql"
PAYOUT_TABLES = "payouts/migrations/0001_initial.py"
SETTLEMENT = "wallet/settlement.py"
REQUESTS = "payouts/services.py"

RULES = "wallet/tests/test_ledger.py"
CROWD = "giftplatform/tests/test_ledger_races.py"
LAST_LINE = "giftplatform/tests/test_guards.py"
SENDING = "gifts/tests/test_send.py"
SETS = "gifts/tests/test_sets.py"
BLOCKING = "gifts/tests/test_blocking.py"
GATES = "gifts/tests/test_gates.py"
MESSAGES = "gifts/tests/test_message_words.py"
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
