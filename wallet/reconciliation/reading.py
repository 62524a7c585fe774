"""Reading the providers' books. What they show is kept as it is, line by line, once."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q
from django.db.models.functions import Now

from wallet.models import ProviderMovement, Purchase
from wallet.providers import registry
from wallet.providers.base import KeepsBook, Movement, Unreachable

log = logging.getLogger(__name__)
# Lines are read again for so long: one may appear after a younger one.
OVERLAP = timedelta(days=1)
BEFORE_THE_FIRST = timedelta(hours=1)


def read_all() -> int:
    """Read what is new in the book of each provider that keeps one, and return how much it was."""
    return sum(
        read(provider) for provider in registry.providers() if isinstance(provider, KeepsBook)
    )


def read(provider: KeepsBook) -> int:
    """Read what is new in a provider's book, and return how many lines that was."""
    since = _since(provider.name)
    if since is None:  # nobody has ordered anything there yet
        return 0
    try:
        return _keep(provider.name, list(provider.movements(since)))
    except Unreachable:
        log.warning("The book of %s could not be read; it is read again later.", provider.name)
        return 0


def _since(provider: str) -> datetime | None:
    newest = ProviderMovement.objects.filter(provider=provider).order_by("-moved_at").first()
    if newest:
        return newest.moved_at - OVERLAP
    first = Purchase.objects.filter(provider=provider).aggregate(at=Min("created_at"))["at"]
    return first - BEFORE_THE_FIRST if first else None


@transaction.atomic
def _keep(provider: str, movements: list[Movement]) -> int:
    """Keep the lines that are new, and ask about their orders: no webhook may have told."""
    references = [movement.reference for movement in movements]
    rows = ProviderMovement.objects.filter(provider=provider, reference__in=references)
    known = set(rows.values_list("reference", flat=True))
    new = [movement for movement in movements if movement.reference not in known]
    ProviderMovement.objects.bulk_create(
        [
            ProviderMovement(
                provider=provider,
                reference=movement.reference,
                kind=movement.kind.value,
                about=movement.about,
                payment=movement.payment,
                amount_minor=movement.amount_minor,
                fee_minor=movement.fee_minor,
                net_minor=movement.amount_minor - movement.fee_minor,
                currency=movement.currency,
                source_minor=movement.source_minor,
                source_currency=movement.source_currency,
                moved_at=movement.moved_at,
            )
            for movement in new
        ],
        ignore_conflicts=True,  # another worker reads the same book
    )
    _ask_about(provider, new)
    return len(new)


def _ask_about(provider: str, movements: Iterable[Movement]) -> None:
    """Make the orders due of which a provider's book tells something new."""
    payments = {movement.payment for movement in movements} - {""}
    charges = ProviderMovement.objects.filter(
        provider=provider, kind=ProviderMovement.Kind.CHARGE, payment__in=payments
    ).exclude(about="")
    orders = set(charges.values_list("about", flat=True))
    same = Purchase.objects.filter(
        Q(public_id__in=orders), ~Q(state=Purchase.State.REVIEW), provider=provider, due_at=None
    )
    locked = list(same.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    Purchase.objects.filter(pk__in=locked).update(due_at=Now())
