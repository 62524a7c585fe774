"""What a fan chooses for auto top-up. Nothing is chosen for them."""

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from foundation.figures import figure
from foundation.money import digits, exact_minor
from wallet.models import TopUp
from wallet.prices import pricing
from wallet.prices.quotes import Quote
from wallet.top_ups import consent
from wallet.top_ups.agreeing import Wish

LARGEST = 10_000_000
LARGEST_MONTH = 100_000_000  # in whole units, of the currency whose units are smallest


class TopUpForm(forms.Form):
    """A pack, the coins below which it is bought, and the most for 30 days; then the yes to it."""

    pack = forms.ChoiceField(
        label=_("What is bought each time"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is bought each time."),
            "invalid_choice": _("This pack is no longer on sale. Choose another one."),
        },
    )
    below_coins = forms.IntegerField(
        label=_("When I have fewer coins than"),
        min_value=1,
        max_value=LARGEST,
        help_text=_("Bonus coins count too. At most as many as the pack brings."),
        error_messages={
            "required": _("Enter a number of coins."),
            "invalid": _("Enter a whole number of coins."),
        },
    )
    month = forms.DecimalField(
        max_digits=12,
        min_value=0,
        error_messages={
            "required": _("Enter the most that 30 days may cost."),
            "invalid": _("Enter an amount of money, like 40."),
        },
    )
    total = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput)
    agree = forms.BooleanField(required=False)

    def __init__(self, *args: Any, country: Country, now: TopUp | None, **more: Any) -> None:
        if now:
            more["initial"] = {
                "pack": str(now.bundle_id),
                "below_coins": now.below_coins,
                "month": now.month.amount,
            }
        super().__init__(*args, **more)
        self.country, self.currency = country, country.region.currency
        self.offers = {
            str(offer.bundle.pk): offer for offer in pricing.price_list(country) if offer.bundle
        }
        pack, month = self.fields["pack"], self.fields["month"]
        pack.choices = [  # type: ignore[attr-defined]  # a choice field
            (
                pk,
                _("%(price)s for %(coins)s coins")
                % {"price": offer.total, "coins": figure(offer.coins)},
            )
            for pk, offer in self.offers.items()
        ]
        month.label = _("At most in 30 days, in %(currency)s") % {"currency": self.currency}
        month.help_text = _("For all orders of auto top-up together.")
        month.widget.attrs["step"] = "any"

    def clean(self) -> dict[str, Any]:
        """Hold what was typed against the chosen pack."""
        asked = super().clean() or {}
        offer = self.offers.get(asked.get("pack") or "")
        if offer is None:
            return asked
        if (asked.get("below_coins") or 0) > offer.coins:
            wrong = _("The pack brings %(most)s coins. Enter no more than that.")
            self.add_error("below_coins", wrong % {"most": figure(offer.coins)})
        if "month" in asked:
            minor = exact_minor(asked["month"], self.currency)
            if minor is None:
                wrong = _("Use at most %(places)s decimal places.")
                self.add_error("month", wrong % {"places": digits(self.currency)})
            elif minor < offer.total_minor:
                wrong = _("One order costs %(price)s. Enter at least as much for 30 days.")
                self.add_error("month", wrong % {"price": offer.total})
            elif asked["month"] > LARGEST_MONTH:
                self.add_error("month", _("That is more than this site sells. Enter less."))
        return asked

    @cached_property
    def wished(self) -> tuple[Quote, Wish]:
        """The chosen pack at its present price, and what the fan asks for."""
        asked, offer = self.cleaned_data, self.offers[self.cleaned_data["pack"]]
        assert offer.bundle is not None  # noqa: S101  # only packs stand in the list
        month = exact_minor(asked["month"], self.currency) or 0
        return offer, Wish(
            bundle=offer.bundle,
            below_coins=asked["below_coins"],
            month_minor=month,
            total_minor=offer.total_minor,
            version=consent.VERSION,
        )

    @property
    def was_seen(self) -> bool:
        """Whether the fan read the sentence in force, with the price of now."""
        seen = self.cleaned_data
        offer, _wish = self.wished
        return (seen["total"], seen["version"]) == (offer.total_minor, consent.VERSION)
