"""Why auto top-up is not turned on."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class NoSavedMethods(DomainError):
    """No payment provider of this site keeps a card for later in the fan's country."""

    code = "top_up_unavailable"
    message = _("Auto top-up isn't offered for this pack in your country. Choose another one.")
    field = "bundle"


class TopUpTooHigh(DomainError):
    """The threshold is above what one order brings, so that one would not be enough."""

    code = "top_up_below_too_high"
    message = _("The pack brings %(most)s coins. Enter no more than that.")
    field = "below_coins"


class MonthTooLow(DomainError):
    """The most for 30 days is less than one order costs."""

    code = "top_up_month_too_low"
    message = _("One order costs %(price)s. Enter at least as much for 30 days.")
    field = "month"


class ConsentOutdated(DomainError):
    """The sentence that the fan agreed to is not the one in force."""

    code = "top_up_consent_changed"
    message = _("The sentence you agree to has changed. Check it and agree again.")
    field = "consent"


class SignInAgain(DomainError):
    """Auto top-up is turned on only shortly after the person confirmed who they are."""

    code = "reauthentication_required"
    status = 403
    message = _("Confirm your identity on the site, then turn on auto top-up.")
