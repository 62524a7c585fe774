"""Cancelling: the fan calls off an order that they did not pay."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError
from wallet.models import Purchase
from wallet.purchases import settlement

State = Purchase.State
ON_ITS_WAY = {State.PENDING, State.PAID}


class PaidMeanwhile(DomainError):
    """The order's payment is on its way or done, so there is nothing to cancel."""

    code = "paid_meanwhile"
    message = _("Your payment is already on its way. Wait for your coins, or contact us.")


def cancel(purchase: Purchase) -> Purchase:
    """Call an unpaid order off; again is the same. Raises `PaidMeanwhile`, `WrongState`.

    The provider is asked first. Money that comes all the same brings its coins, as for every order
    that ended unpaid.
    """
    if purchase.top_up_id and purchase.is_open:
        raise PaidMeanwhile  # its card is charged without anybody's press
    if purchase.state in Purchase.UNPAID and settlement.known(purchase) in ON_ITS_WAY:
        raise PaidMeanwhile
    return _cancel(purchase)


@transaction.atomic
def _cancel(purchase: Purchase) -> Purchase:
    locked = Purchase.objects.select_for_update(no_key=True).get(pk=purchase.pk)
    if locked.state == State.CANCELLED:
        return locked
    if locked.state in ON_ITS_WAY:
        raise PaidMeanwhile
    locked.move(State.CANCELLED, due_at=None, attempts=0)
    return locked
