"""Sends over HTTP: what serving adds to a send, for each way to serve the site.

`python -m benchmarks.http` runs it alone on a PostgreSQL of its own. It needs `wrk`. What counts
are the ratios: a send against an empty view with the same authentication on the same server.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from benchmarks.plan import ONLY, RESULTS, ROUNDS, SECONDS, WARM_UP, as_written
from benchmarks.serving.servers import HERE, SERVERS, can_run, running

CONNECTIONS = 64
# What is asked for, and how the tables call it.
KINDS = {
    "empty": "an empty view",
    "asked": "an empty view that knows who asks",
    "api": "a send by the API",
    "page": "a send by the page",
}
SENDS = {"api", "page"}
# Where what is acknowledged is written.
ROWS = dict.fromkeys(SENDS, "gifts_sentgift") | {"order": "wallet_purchase"}
# Opens a connection to PostgreSQL for each request, and runs out of them: what it answers counts.
MAY_FAIL = {"Django's ASGI"}
LEAST = 0.35  # what a send by the API must reach of the empty view that knows who asks
NO_WRK = "The HTTP part needs the load generator wrk (apt install wrk); it is not here."


class NotAsTold(Exception):
    """A round in which answers failed, or the rows are not those that were acknowledged."""


def run(url_of_database: str, rounds: int, seconds: int) -> dict[str, list[float]]:
    """Return answers a second, round by round, for each server and kind (`granian: a send ...`).

    The database holds the benchmark's fans and rooms. Raises `NotAsTold`; without `wrk` a
    `RuntimeError` that says so.
    """
    if shutil.which("wrk") is None:
        raise RuntimeError(NO_WRK)
    chosen = [name for name in SERVERS if can_run(name) and is_wanted(name)]
    figures: dict[str, list[float]] = {}
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as fans:
        rooms = write_fans(Path(fans.name), url_of_database)
        for number in range(rounds):
            for name in chosen:
                with running(name, url_of_database) as port:
                    for kind, words in KINDS.items():
                        load = [kind, fans.name, str(rooms), str(number)]
                        may_fail = name in MAY_FAIL
                        press(url_of_database, port, WARM_UP, load, may_fail=may_fail)
                        rate = press(url_of_database, port, seconds, load, may_fail=may_fail)
                        figures.setdefault(f"{name}: {words}", []).append(rate)
                        print(f"round {number + 1}: {name}: {words:<36} {rate:8,.0f}/s", flush=True)
    return figures


def is_wanted(name: str) -> bool:
    """Return whether this server was asked for; nothing said: all of them."""
    return not ONLY or any(part in name for part in ONLY)


def write_fans(path: Path, url_of_database: str) -> int:
    """Write each fan's key and a session into a file; return how many rooms there are."""
    os.environ["DATABASE_URL"] = url_of_database
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftplatform.settings")
    import django

    django.setup()
    from django.contrib import auth
    from django.utils import timezone

    from accounts.models import ApiKey, Scope, Session, User
    from accounts.models.sessions import SessionStore
    from foundation.crypto import digest
    from live.models import Stream

    fans = User.objects.filter(handle__startswith="fan_")
    now = timezone.now()
    keys = {fan.pk: uuid4().hex for fan in fans}
    ApiKey.objects.bulk_create(
        ApiKey(
            user=fan,
            name="Benchmark",
            digest=digest(keys[fan.pk].encode()),
            ending=keys[fan.pk][-4:],
            scopes=Scope.values,
            created_at=now,
            ends_at=now + timedelta(days=1),
        )
        for fan in fans
    )
    store = SessionStore()
    sessions = [
        Session(
            session_key=uuid4().hex,
            user=fan,
            expire_date=store.get_expiry_date(),
            seen_at=timezone.now(),
            session_data=store.encode(
                {
                    auth.SESSION_KEY: str(fan.pk),
                    auth.BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
                    auth.HASH_SESSION_KEY: fan.get_session_auth_hash(),
                }
            ),
        )
        for fan in fans
    ]
    Session.objects.bulk_create(sessions)
    lines = [f"{keys[fan.pk]} {one.session_key}" for fan, one in zip(fans, sessions, strict=True)]
    path.write_text("\n".join(lines) + "\n")
    return Stream.objects.count()


def press(
    url_of_database: str, port: int, seconds: int, load: list[str], *, may_fail: bool = False
) -> float:
    """Ask for some seconds from all connections at once and return good answers a second.

    Raises `NotAsTold`, unless this server may fail.
    """
    table = "" if may_fail else ROWS.get(load[0], "")
    before = written(url_of_database, table) if table else 0
    command = [
        *("wrk", "-t", "2", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--timeout", "30s"),
        *("-s", str(HERE / "load.lua"), f"http://127.0.0.1:{port}", "--", *load),
    ]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = written(url_of_database, table) if table else 0
    told = json.loads(output.strip().splitlines()[-1])
    if not may_fail:
        check(load[0], told, after - before)
    return float((told["requests"] - told["refused"]) / told["seconds"])


def check(kind: str, told: dict[str, float], written: int) -> None:
    """Raise `NotAsTold` when an answer failed, or a send is not there once.

    What was under way at the end may be written without having been acknowledged.
    """
    if told["refused"] or told["broken"]:
        raise NotAsTold(f"{kind}: {told['refused']} refused, {told['broken']} broken off")
    if kind in ROWS and not 0 <= written - told["requests"] <= CONNECTIONS:
        raise NotAsTold(f"{told['requests']} were acknowledged, {written} were written")


def written(url_of_database: str, table: str) -> int:
    """Return how many rows there are, once those that were under way have arrived."""
    counted = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    with psycopg.connect(url_of_database, autocommit=True) as connection:
        before, now = -1, -2
        while before != now:
            time.sleep(0.5)
            row = connection.execute(counted).fetchone()
            before, now = now, int(row[0]) if row else 0
    return now


def ratios(figures: dict[str, list[float]]) -> dict[str, float]:
    """Return, for each server, the median over rounds of a send against its empty view."""
    found = {}
    for server in SERVERS:
        base = figures.get(f"{server}: {KINDS['asked']}", [])
        for kind in sorted(SENDS):
            sends = figures.get(f"{server}: {KINDS[kind]}", [])
            if base and sends:
                by_round = [send / empty for send, empty in zip(sends, base, strict=True)]
                found[f"{server}: {KINDS[kind]}"] = statistics.median(by_round)
    return found


def main() -> int:
    """Run alone, print the table, and fail when a send falls below what was promised."""
    from benchmarks import bed

    if shutil.which("wrk") is None:
        print(NO_WRK, file=sys.stderr)
        return 1
    with bed.made() as here:
        import django

        django.setup()
        from benchmarks.people import populate

        populate()
        figures = run(here.url, ROUNDS, SECONDS)
    found = ratios(figures)
    print(f"\nmedians of {ROUNDS} rounds of {SECONDS} s, {CONNECTIONS} connections\n")
    for name, rates in figures.items():
        ratio = f"{found[name]:6.2f} of the empty one" if name in found else ""
        print(f"{name:<62} {statistics.median(rates):8,.0f}/s {ratio}")
    if as_written():
        kept = {"date": time.strftime("%Y-%m-%d"), "per_second": figures, "ratios": found}
        (RESULTS / "http.json").write_text(json.dumps(kept, indent=2) + "\n")
    bound = [f"{name}: {KINDS['api']}" for name in SERVERS if name not in MAY_FAIL]
    low = [name for name in bound if found.get(name, LEAST) < LEAST]
    for name in low:
        print(f"{name}: below {LEAST}", file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
