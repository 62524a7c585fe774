"""`python -m benchmarks.statements`: a statement of many rows of ours, read and booked.

Prints seconds, queries and memory for 10,500 and 50,000 rows, on a PostgreSQL of its own.
"""

import resource
import sys
import time
from typing import Any

from benchmarks import bed

ROWS = (10_500, 50_000)
LIMIT_S = 20


def main() -> None:
    """Read a statement of each size; exit with 1 when one takes too long or misses a row."""
    with bed.made():
        import django

        django.setup()
        from benchmarks.statement_rows import prepare

        prepare()
        late = [rows for rows in ROWS if _read(rows) > LIMIT_S]
    sys.exit(1 if late else 0)


def _read(rows: int) -> float:
    from django.db import connection

    from benchmarks.statement_rows import batch_on_its_way, statement
    from payouts.models import StatementLine
    from payouts.statements import bank_statements

    staff, batch = batch_on_its_way(rows)
    content = statement(batch)
    began = time.perf_counter()
    asked: list[str] = []

    def noted(execute: Any, sql: str, *args: Any) -> Any:
        asked.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(noted):
        report, _new = bank_statements.read_statement(content=content, by=staff)
    took = time.perf_counter() - began
    settled = report.lines.filter(outcome=StatementLine.Outcome.SETTLED).count()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{rows:,} rows, {len(content) / 1e6:.1f} MB: {took:.1f} s, {len(asked)} queries,"
        f" {settled:,} settled, at most {peak} MB of memory",
        flush=True,
    )
    return took if settled == rows else float("inf")


if __name__ == "__main__":
    main()
