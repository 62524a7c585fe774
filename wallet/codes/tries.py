"""Wrong codes are counted: of one person, from one address, and of the whole site.

A try is written before the code is looked up and committed by itself, so that a thousand at once
count each other, and a refusal takes none back.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from wallet.codes.alphabet import digest
from wallet.codes.refusals import TooManyTries
from wallet.models import CodePolicy, CodeTry

SPAN = timedelta(hours=1)
KEPT_FOR = timedelta(days=2)


def note_try(user: User, address: str) -> CodeTry:
    """Write a try down and return it. Raises `TooManyTries`."""
    if (found := _write(user, digest(f"address {address}"))) is None:
        raise TooManyTries
    return found


@transaction.atomic
def _write(user: User, address: str) -> CodeTry | None:
    # One try of a person at a time: the next one counts this one.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if _too_many(user, address):
        return None
    return CodeTry.objects.create(user=user, address=address)


def _too_many(user: User, address: str) -> bool:
    policy = CodePolicy.current()
    wrong = CodeTry.objects.filter(good=False, created_at__gt=timezone.now() - SPAN)
    return (
        wrong.filter(user=user).count() >= policy.tries_of_fan
        or wrong.filter(address=address).count() >= policy.tries_of_address
        or wrong.count() >= policy.tries_of_site
    )


def was_good(tried: CodeTry) -> None:
    """Take a try out of the count: its code was right."""
    CodeTry.objects.filter(pk=tried.pk).update(good=True)


def forget_old() -> int:
    """Delete tries that count no more, and return how many."""
    return CodeTry.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]
