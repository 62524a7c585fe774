"""Accounts that fit what a guardian wrote. Staff choose; nobody outside learns what was found."""

from uuid import UUID

from django.db.models import Q

from accounts.models import User
from care.models import GuardianCase
from foundation.requests import number
from wallet.models import Document

FEW = 5


def candidates(case: GuardianCase) -> list[User]:
    """Return the accounts that a case may be about: by handle, email, name, order or receipt."""
    return list(dict.fromkeys([*_named(case.account_named), *_buyers(case.order_named)]))


def _named(account: str) -> list[User]:
    named = account.strip().removeprefix("@")
    if not named:
        return []
    fits = Q(handle__iexact=named) | Q(email__iexact=named) | Q(display_name__iexact=named)
    return list(User.objects.filter(fits).order_by("pk")[:FEW])


def _buyers(order: str) -> list[User]:
    """Return who bought what an order's or a receipt's number, or the provider's, names."""
    if not order:
        return []
    fits = Q(purchases__provider_reference=order) | Q(purchases__payment_reference=order)
    try:
        fits |= Q(purchases__public_id=UUID(order))
    except ValueError:
        series, _dash, count = order.upper().rpartition("-")
        receipt = Document.objects.filter(series=series, number=number(count) or 0)
        fits |= Q(purchases__documents__in=receipt)
    return list(User.objects.filter(fits).distinct().order_by("pk")[:FEW])
