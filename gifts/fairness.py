"""The seven principles of the EU for virtual currencies, and how the site meets them.

Its network of consumer authorities (CPC) published them on 21 March 2025. Each is shown with the
settings that it rests on here, as they are in force. `gifts/tests/test_fairness.py` has the tests.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from accounts.models import Country, SpendingPause, Terms
from foundation.figures import figure
from foundation.moments import moment
from foundation.money import MICRO, Money
from gifts.models import GiftPolicy
from wallet.models import RateCard, SpendingPolicy
from wallet.prices import pricing

SHOWN_COINS = 1_000


@dataclass(frozen=True)
class Setting:
    """A setting of the site as it is in force, in words."""

    name: StrOrPromise
    value: str | SafeString


@dataclass(frozen=True)
class Principle:
    """What the authorities ask, in a few words, and what the site does about it."""

    slug: str
    asks: str
    means: str
    settings: list[Setting]


def days(count: int) -> str:
    """Return so many days in words."""
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": figure(count)}


class Fairness:
    """The principles with the settings in force, for a reader in a country."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.sending = GiftPolicy.current()
        self.spending = SpendingPolicy.current()
        self.card = RateCard.objects.current()
        self.terms = Terms.objects.current()

    def principles(self) -> Iterator[Principle]:
        """Yield the seven in their order."""
        yield self._price()
        yield self._nothing_hidden()
        yield self._nothing_unwanted()
        yield self._known_before()
        yield self._withdrawal()
        yield self._plain_terms()
        yield self._care()

    def _worth(self, usd: int) -> str:
        """Return a limit of the policy: its money first, then its coins."""
        coins = usd * MICRO // self.card.coin_value_micro_usd
        facts = {"money": Money(usd, "USD"), "coins": figure(coins)}
        return _("%(money)s (%(coins)s coins)") % facts

    def _price(self) -> Principle:
        offer = pricing.quote_for_coins(SHOWN_COINS, self.country)
        price = _("%(money)s, tax included") % {"money": offer.total}
        return Principle(
            "price",
            _("The price is clear, and in real money"),
            _(
                "Every gift and every pack shows what it costs in your own money, before its "
                "coins. The total on the pay button includes the tax of your country."
            ),
            [
                Setting(
                    _("%(coins)s coins, %(country)s")
                    % {"coins": figure(SHOWN_COINS), "country": self.country.name},
                    price,
                ),
                Setting(_("One coin is worth"), self.card.coin_value.in_full),
            ],
        )

    def _nothing_hidden(self) -> Principle:
        return Principle(
            "nothing-hidden",
            _("Nothing hides what it costs"),
            _(
                "There is one currency between your money and a gift, with one public rate. A "
                "creator's diamonds follow from it. No second currency, no multipliers and no "
                "chance: you see exactly what you send."
            ),
            [
                Setting(_("Diamonds per coin"), figure(self.card.diamonds_per_coin)),
                Setting(_("A diamond pays"), self.card.diamond_payout.in_full),
                Setting(_("Creators’ share"), f"{self.card.creator_share_percent}%"),
            ],
        )

    def _nothing_unwanted(self) -> Principle:
        region = self.country.region
        facts = {
            "least": figure(region.smallest_custom_coins),
            "most": figure(region.largest_custom_coins),
        }
        return Principle(
            "nothing-unwanted",
            _("Nobody has to buy coins that they don’t want"),
            _(
                "You choose the exact amount. When a gift needs more coins than you have, the shop "
                "offers exactly those that are missing. Bought coins never expire; bonus coins, "
                "which are free, expire on the day your wallet shows."
            ),
            [Setting(_("Your own amount"), _("%(least)s to %(most)s coins") % facts)],
        )

    def _known_before(self) -> Principle:
        return Principle(
            "known-before",
            _("Everything is said before you buy"),
            _(
                "Before the button you see the total, its tax, what a coin costs, what would reach "
                "a creator, and the terms. A price that changed meanwhile is shown again and never "
                "charged unseen. Afterwards there is a receipt."
            ),
            [Setting(_("Terms in force"), self.terms.version)],
        )

    def _withdrawal(self) -> Principle:
        policy = self.sending
        undo = _("%(small)s to %(large)s seconds") % {
            "small": figure(policy.undo_small_seconds),
            "large": figure(policy.undo_large_seconds),
        }
        return Principle(
            "withdrawal",
            _("You can change your mind"),
            _(
                "We refund coins that you have not used, whatever your reason, within the "
                "withdrawal period. A gift can be undone for a few seconds. Earnings wait "
                "before they are paid out, so that a mistake can still be put right."
            ),
            [
                Setting(_("Withdrawal period"), days(self.spending.withdrawal_days)),
                Setting(_("Undoing a gift"), undo),
                Setting(_("Hold on earnings, new creators"), days(policy.hold_days_new)),
                Setting(_("Hold on earnings, trusted creators"), days(policy.hold_days_trusted)),
            ],
        )

    def _plain_terms(self) -> Principle:
        return Principle(
            "plain-terms",
            _("The terms are fair and plain"),
            _(
                "One page, in versions with a date. Your order keeps the version that you "
                "accepted. Prices, rates and terms change only forward: nobody may change the "
                "worth of coins that you already have. Automatic checks against fraud may hold an "
                "order or earnings; a person decides, and you can ask for another look."
            ),
            [
                Setting(_("In force from"), moment(self.terms.valid_from, "date")),
                Setting(_("Rate card in force from"), moment(self.card.valid_from, "date")),
            ],
        )

    def _care(self) -> Principle:
        policy = self.spending
        hours = ngettext("%(count)s hour", "%(count)s hours", policy.raise_delay_hours)
        asked = {"coins": figure(self.sending.confirm_from_coins)}
        return Principle(
            "care",
            _("It looks after people who are vulnerable"),
            _(
                "There are limits for everyone, and your own on top: lower at once, higher only "
                "after a wait. You can pause spending for a day or for good, and nobody ends that "
                "early. Parents can ask for what a child spent. No countdowns at a purchase, no "
                "rankings by money without consent, nothing "
                "is lost by staying away."
            ),
            [
                Setting(
                    _("Minimum age, %(country)s") % {"country": self.country.name},
                    figure(self.country.minimum_age),
                ),
                Setting(_("At most a day"), self._worth(policy.day_usd)),
                Setting(_("At most a week"), self._worth(policy.week_usd)),
                Setting(_("At most a month"), self._worth(policy.month_usd)),
                Setting(
                    _("At most a day, first %(days)s") % {"days": days(policy.new_fan_days)},
                    self._worth(policy.new_fan_day_usd),
                ),
                Setting(
                    _("A higher limit of your own begins after"),
                    hours % {"count": figure(policy.raise_delay_hours)},
                ),
                Setting(_("We ask again from"), _("%(coins)s coins") % asked),
                Setting(
                    _("Pauses"),
                    ", ".join(str(label) for label in SpendingPause.Length.labels),
                ),
            ],
        )
