"""The sentence that a fan agrees to. It is kept with each agreement as they read it."""

from django.utils.translation import gettext as _

from foundation.figures import figure
from foundation.money import Money

# Another sentence is another version: who read the older one is asked again.
VERSION = "2026-11-30"


def sentence(*, total: Money, coins: int, below: int, month: Money) -> str:
    """Return what the fan agrees to, the money first."""
    return _(
        "%(total)s is charged to my saved card for %(coins)s coins whenever I have fewer than "
        "%(below)s coins after sending a gift, at most %(month)s in 30 days. I get an email each "
        "time. I can turn it off at any moment, and return unused coins as with every order."
    ) % {"total": total, "coins": figure(coins), "below": figure(below), "month": month}
