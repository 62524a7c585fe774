"""One process that transfers through django-hordak, each time from a fan to a creator."""

import os
import random
import sys
from collections.abc import Callable

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.contestants.hordak_settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from hordak.models import Account, AccountType  # type: ignore[import-not-found]  # noqa: E402
from moneyed import Money  # noqa: E402

from benchmarks.crew import count, serve  # noqa: E402


def prepare(fans: int, creators: int) -> None:
    """Make the tables, and an account for each fan and each creator: what the site owes them."""
    call_command("migrate", verbosity=0)
    names = [f"Fan {n}" for n in range(fans)] + [f"Creator {n}" for n in range(creators)]
    # A tree of one account each, written at once: one `create` after the other takes a minute.
    Account.objects.bulk_create(
        Account(name=name, type=AccountType.liability, tree_id=n, level=0, lft=1, rght=2)
        for n, name in enumerate(names, 1)
    )


def transferring(number: int) -> Callable[[], int]:
    """Return the step that makes one transfer."""
    chance = random.Random(number)
    fans = list(Account.objects.filter(name__startswith="Fan"))
    creators = list(Account.objects.filter(name__startswith="Creator"))
    amount = Money(1, "EUR")

    def step() -> int:
        chance.choice(fans).transfer_to(chance.choice(creators), amount)
        return 1

    return step


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]), int(sys.argv[3]))
    else:
        transfer = transferring(int(sys.argv[1]))
        serve(lambda job: count(job, transfer))
