"""Why a provider's movement cannot be booked by hand. Each says what to do instead."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class MovementNotOpen(DomainError):
    """The movement explains itself, or still may."""

    code = "movement_not_open"
    message = _(
        "This movement is booked, or may still be booked by itself. Nothing was changed. Reload "
        "the page and look at it again."
    )


class OrderUndecided(DomainError):
    """The movement is about an order that somebody decides about, or that waits."""

    code = "movement_order_undecided"
    message = _(
        "The order of this movement is not finished. Open the order and decide about it first; "
        "then the movement books itself, or you book it here after an hour."
    )


class MovementProposed(DomainError):
    """There is a proposal already, for it or for the same row of ours."""

    code = "movement_already_proposed"
    message = _(
        "Somebody has already proposed a booking of this, or booked it. Open it among the bookings "
        "of movements."
    )


class MovementReasonMissing(DomainError):
    """A booking by hand says why."""

    code = "movement_reason_missing"
    message = _("A booking by hand needs its reason. Write it in up to 200 characters.")
    field = "reason"


class AccountDoesNotFit(DomainError):
    """The account is not on the list, or not for such a movement."""

    code = "movement_account"
    message = _("Choose one of the accounts that are offered for this movement.")
    field = "account"


class OwnMovementBooking(DomainError):
    """The one who proposed it may not confirm it."""

    code = "own_movement_booking"
    status = 403
    message = _("You proposed this booking. Ask another person to confirm it.")


class MovementChanged(DomainError):
    """Our row says something else than when it was proposed."""

    code = "movement_changed"
    message = _(
        "Our own row of this movement changed since this was proposed. Reload the page, reject "
        "this booking and propose it anew."
    )
