"""Put the ledger's postings and transfers into monthly parts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wallet.ledger import partitions


class Command(BaseCommand):
    """Switch to monthly parts while the site goes on, or say how they stand."""

    help = "Put postings and transfers into monthly parts; needs the role that owns the tables."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to look without changing anything."""
        parser.add_argument("--status", action="store_true", help="only say how it stands")

    def handle(self, *args: Any, **options: Any) -> None:
        """Switch once; later only make the months that are missing."""
        if not options["status"]:
            self.bring_about()
        if not partitions.is_partitioned():
            self.stdout.write("The ledger's tables are plain: one table each, for all time.")
            return
        for part in partitions.parts():
            self.stdout.write(self.line(part))
        self.stdout.write(f"Months ahead that are made: {partitions.months_ahead()}.")
        if late := sum(part.rows for part in partitions.parts() if part.late):
            self.stdout.write(
                self.style.WARNING(
                    f"{late:,} rows lie in no month: they came when theirs was not made, or while a"
                    " clock ran ahead. Nothing is lost; the job takes them in when it makes the"
                    " month."
                )
            )

    def bring_about(self) -> None:
        """Switch where the tables are plain, else make what is missing."""
        if partitions.is_partitioned():
            made = partitions.make_months()
            self.stdout.write(f"Made: {', '.join(made)}." if made else "Every month is there.")
            return
        try:
            partitions.switch(self.stdout.write)
        except partitions.NotSwitched as error:
            raise CommandError(
                "Nothing was changed: the tables were in use at every try. Look for a long"
                " transaction in pg_stat_activity, a dump for example, and try again."
            ) from error

    def line(self, part: partitions.Part) -> str:
        """Return one part as a line."""
        since = f"{part.since:%Y-%m-%d}" if part.since else "the beginning"
        until = f"{part.until:%Y-%m-%d}" if part.until else ""
        span = "rows of no month" if part.late else f"from {since} until before {until}"
        rows = f"{part.rows:,}" if part.late else f"about {part.rows:,}"
        return f"{part.name:<28} {span:<46} {rows} rows, {part.size}"
