"""Prove the ledger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger import checks


class Command(BaseCommand):
    """Print the totals per unit and every breach; exit with 1 if there is one."""

    help = "Check that the ledger balances. Exits with 1 and prints the first wrong rows if not."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every check of every layer in one snapshot."""
        for row in checks.totals():
            self.stdout.write(
                f"{row['unit']:>8}  {row['moved']:>20,} moved in {row['transfers']:,} transfers"
            )
        breaches = checks.run()
        for breach in breaches:
            self.stderr.write(f"Invariant {breach.invariant}: {breach.sentence}")
            for row in breach.rows:
                self.stderr.write(f"    {row}")
        if breaches:
            raise CommandError(f"The ledger doesn't balance: {len(breaches)} breaches.")
        self.stdout.write(self.style.SUCCESS("The ledger balances."))
