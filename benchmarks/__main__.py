"""`make bench`: every way to send a gift, in turns, on one PostgreSQL, within ten minutes or so.

What counts are the ratios. A try with other settings (ROUNDS, SECONDS, FANS, CREATORS, ONLY) is
printed; only a run as written is kept in `results/`.
"""

import random
import sys

from benchmarks import bed, machine
from benchmarks.contest import Contestant, watch
from benchmarks.plan import ONLY, ROUNDS, as_written
from benchmarks.report import Report


def main() -> None:
    """Run all rounds, print the table, check the ledger; exit with 1 when it does not balance."""
    with bed.made() as ground:
        import django

        django.setup()
        from benchmarks import people
        from ledger import checks

        people.populate()
        contestants = chosen(ground)
        report = Report(machine.described(ground), [one.name for one in contestants])
        for number in range(ROUNDS):
            # Another order each time: what one leaves behind does not always meet the same next.
            for contestant in random.Random(number).sample(contestants, len(contestants)):
                figures = watch(ground, contestant)
                report.note(figures)
                print(
                    f"round {number + 1} of {ROUNDS}: "
                    + ", ".join(
                        f"{name} {report.shown(name, value)}" for name, _, value in figures
                    ),
                    flush=True,
                )
        breaches = checks.run()
    print(f"\n{report.text()}")
    print(f"The ledger {'DOES NOT BALANCE' if breaches else 'balances'} after the run.")
    for breach in breaches:
        print(breach)
    if breaches:
        sys.exit(1)
    if as_written():
        report.keep()


def chosen(ground: bed.Bed) -> list[Contestant]:
    """Return the contestants that run, ready to."""
    from benchmarks.contestants import hordak, pgbench, site, web

    everyone = [
        *site.contestants(),
        *pgbench.contestants(ground),
        *hordak.contestants(ground),
        *web.contestants(ground),
    ]
    wanted = [one for one in everyone if not ONLY or any(part in one.name for part in ONLY)]
    for one in wanted:
        one.prepare()
    return wanted


if __name__ == "__main__":
    main()
