"""A promotion in a sentence, for staff who make it: what it gives, to whom, until when."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.figures import figure
from foundation.money import MICRO, Money, money
from wallet.models import Promotion, RateCard


def sentence(promotion: Promotion) -> str:
    """Return what a promotion does, and the most that it can cost."""
    parts = [
        _("Who buys %(what)s %(where)s%(first)s gets %(bonus)s.")
        % {
            "what": _("the pack of %(coins)s coins") % {"coins": figure(promotion.bundle.coins)}
            if promotion.bundle
            else _("coins"),
            "where": _("in %(region)s") % {"region": promotion.region.name}
            if promotion.region
            else _("anywhere"),
            "first": _(" for the first time") if promotion.first_purchase else "",
            "bonus": _bonus(promotion),
        },
        _("They can be spent for %(days)s days.") % {"days": figure(promotion.bonus_days)},
        _("It holds from %(start)s %(end)s.")
        % {
            "start": date_format(promotion.starts_at, "j F Y, H:i e"),
            "end": _("until %(day)s") % {"day": date_format(promotion.ends_at, "j F Y, H:i e")}
            if promotion.ends_at
            else _("until staff stop it"),
        },
        _("At most %(fan)s bonus coins for one fan and %(all)s for all, for which creators would "
          "be paid %(cost)s.")
        % {
            "fan": figure(promotion.per_fan_coins),
            "all": figure(promotion.budget_coins),
            "cost": cost_of(promotion.budget_coins),
        },
    ]  # fmt: skip
    return " ".join(parts)


def _bonus(promotion: Promotion) -> str:
    if promotion.percent is None:
        return _("%(coins)s bonus coins") % {"coins": figure(promotion.coins or 0)}
    return _("%(percent)s%% of them as bonus coins, rounded down") % {"percent": promotion.percent}


def cost_of(coins: int) -> Money:
    """Return what creators are paid for so many bonus coins at the present rates."""
    card = RateCard.objects.current()
    micro = coins * card.diamonds_per_coin * card.diamond_payout_micro_usd
    return money(micro * 100 // MICRO, "USD")
