"""`python -m benchmarks.statements`: a statement of many rows of ours, read and booked.

Prints seconds, rows a second, queries and memory for 10,500 and 50,000 rows, on a PostgreSQL of its
own. Each file is read by a process of its own, so that its memory is that of the reading.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks import bed

ROWS = (10_500, 50_000)
LIMIT_S = 20


def main() -> None:
    """Read a statement of each size; exit with 1 when one takes too long or misses a row."""
    with bed.made() as made:
        _run("prepare", str(made.folder))
        late = sum(_run(str(rows), str(made.folder)) for rows in ROWS)
    sys.exit(1 if late else 0)


def _run(*arguments: str) -> int:
    command = [sys.executable, "-m", "benchmarks.statements", *arguments]
    return subprocess.run(command, check=False).returncode


def work(what: str, folder: Path) -> int:
    """Do one step in this process: make tables and files, or read one of them."""
    import django

    django.setup()
    from benchmarks.statement_rows import batch_on_its_way, prepare, statement

    if what != "prepare":
        return _read(int(what), folder)
    prepare()
    for rows in ROWS:
        staff, batch = batch_on_its_way(rows)
        (folder / f"{rows}.xml").write_bytes(statement(batch))
        (folder / f"{rows}.staff").write_text(str(staff.pk))
    return 0


def _read(rows: int, folder: Path) -> int:
    from django.db import connection

    from accounts.models import User
    from payouts.models import StatementLine
    from payouts.statements import bank_statements

    staff = User.objects.get(pk=int((folder / f"{rows}.staff").read_text()))
    asked = 0

    def noted(execute: Any, sql: str, *args: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(sql, *args)

    path = folder / f"{rows}.xml"
    server = psutil.Process(_backend())
    before, began = _memory_mb(), time.perf_counter()
    ours, theirs = _cpu_s(psutil.Process()), _cpu_s(server)
    with connection.execute_wrapper(noted), path.open("rb") as file:
        report, _new = bank_statements.read_statement(content=file, by=staff)
    took = time.perf_counter() - began
    ours, theirs = _cpu_s(psutil.Process()) - ours, _cpu_s(server) - theirs
    settled = report.lines.filter(outcome=StatementLine.Outcome.SETTLED).count()
    print(
        f"{rows:,} rows, {path.stat().st_size / 1e6:.1f} MB: {took:.1f} s, {rows / took:,.0f}"
        f" rows/s ({ours:.1f} s of Python's CPU, {theirs:.1f} s of PostgreSQL's), {asked} queries,"
        f" {settled:,} settled, {_memory_mb() - before} MB of memory above the {before} MB before",
        flush=True,
    )
    return int(took > LIMIT_S or settled != rows)


def _backend() -> int:
    """Return the process of the server that answers us."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _cpu_s(process: psutil.Process) -> float:
    """Return the seconds that a process has computed, without those of other processes."""
    times = process.cpu_times()
    return float(times.user + times.system)


def _memory_mb() -> int:
    """Return the most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(work(sys.argv[1], Path(sys.argv[2])))
    main()
