"""`python -m benchmarks.audit`: what the ledger's check costs, in processor time.

A PostgreSQL of its own is grown as `make bench-growth` does it, to GROW gifts (100000), and the
check runs as every hour: on one snapshot, every invariant of every app.
"""

import os
import sys
import time

import psutil

from benchmarks import bed, growth

GIFTS = int(os.environ.get("GROW", "100000"))
ROUNDS = 3


def main() -> None:
    """Grow, check a few times, print; exit with 1 when the ledger does not balance."""
    with bed.made() as ground:
        import django

        django.setup()
        growth.people()
        print(f"{GIFTS:,} gifts grown in {growth.grow(ground, GIFTS):,.0f} s", flush=True)
        os.environ["DATABASE_URL"] = ground.database(growth.database(GIFTS))
        breaches = [check(ground) for _ in range(ROUNDS)]
    sys.exit(1 if any(breaches) else 0)


def check(ground: bed.Bed) -> int:
    """Run the check in a process of its own, print what it cost, return how it ended."""
    server = psutil.Process(ground.postmaster())
    ours, theirs, began = os.times(), _cpu_s(server), time.monotonic()
    ended = os.spawnl(os.P_WAIT, sys.executable, sys.executable, "manage.py", "check_ledger")
    took, now = time.monotonic() - began, os.times()
    python = now.children_user + now.children_system - ours.children_user - ours.children_system
    print(
        f"check_ledger: {python:.1f} s of Python's processor time, start included,"
        f" {_cpu_s(server) - theirs:.1f} s of PostgreSQL's, {took:.1f} s by the clock",
        flush=True,
    )
    return ended


def _cpu_s(server: psutil.Process) -> float:
    """Return what the server's processes have computed, those that have ended too."""
    times = server.cpu_times()
    running = sum(sum(one.cpu_times()[:2]) for one in server.children())
    return float(sum(times[:4]) + running)


if __name__ == "__main__":
    main()
