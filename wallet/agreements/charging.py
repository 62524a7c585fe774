"""Charging an order to a saved card: once, and only while the fan still agrees."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.pauses import paused_until
from foundation.errors import DomainError
from wallet.disputes.refusals import open_dispute
from wallet.models import Purchase, TopUp
from wallet.providers import registry
from wallet.providers.base import Started, Unreachable

# Longer than any request to a provider lasts, its repeats included.
UNDER_WAY = timedelta(minutes=2)
# A fan is not charged long after the gift for which coins were short.
CHARGED_WITHIN = timedelta(hours=1)


class NoLongerAgreed(DomainError):
    """Nothing was charged yet, and the fan does not agree any more, or it is too late for it."""

    code = "top_up_off"
    message = _("Auto top-up is off, so this order was not charged. Open auto top-up to see why.")


def start(purchase: Purchase) -> Started:
    """Charge an order to its card, or find the charge. Raises `NoLongerAgreed`, `CannotCharge`,
    `Unreachable`.

    The same order is the same charge: within the hour by the provider's idempotency key, later
    by looking for it there.
    """
    there = reverse("wallet:order", args=[purchase.public_id])
    if purchase.provider_reference:
        return Started(purchase.provider_reference, there)
    top_up = purchase.top_up
    assert top_up is not None  # noqa: S101  # only orders of an agreement are charged
    provider = registry.keeping(purchase.provider)
    age = timezone.now() - purchase.created_at
    if age < CHARGED_WITHIN and _agrees(top_up):
        return Started(provider.charge(purchase, top_up.saved_method).reference, there)
    made = provider.charged(purchase, top_up.saved_method)
    if made is not None:
        return Started(made.reference, there)
    if age < UNDER_WAY:  # a worker may be charging it this moment
        raise Unreachable
    raise NoLongerAgreed


def _agrees(top_up: TopUp) -> bool:
    """Return whether the fan still agrees, and nothing has come between."""
    top_up.refresh_from_db()
    user = top_up.user
    user.refresh_from_db()
    on = top_up.state == TopUp.State.ON and user.is_active
    return on and not paused_until(user) and open_dispute(user) is None
