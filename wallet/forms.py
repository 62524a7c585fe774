"""Forms of the coins page and the wallet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from foundation.requests import number
from wallet.limits.usage import STEPS
from wallet.models import Bundle
from wallet.prices import pricing
from wallet.prices.quotes import Quote
from wallet.purchases.buying import BundleGone

CUSTOM = "custom"


class PackForm(forms.Form):
    """Which pack, or how many coins."""

    pack = forms.CharField(max_length=12, required=False)
    coins = forms.IntegerField(required=False)

    @property
    def pack_name(self) -> str:
        """The pack's id, or `custom:` and the coins: what the fan has chosen, in one word."""
        self.is_valid()
        pack = self.cleaned_data.get("pack") or CUSTOM
        return f"{CUSTOM}:{self.cleaned_data.get('coins') or 0}" if pack == CUSTOM else str(pack)

    def offer(self, country: Country) -> Quote:
        """Return what is chosen at its present price. Raises `BundleGone`, `CoinsOutOfRange`."""
        name = self.pack_name
        kind, _colon, typed = name.partition(":")
        if kind == CUSTOM:
            return pricing.quote_for_coins(number(typed) or 0, country)
        bundle = Bundle.objects.filter(pk=number(name) or 0, region=country.region_id, active=True)
        found = bundle.select_related("region").first()
        if found is None:
            raise BundleGone
        return pricing.quote_for_bundle(found, country)


class CheckoutForm(PackForm):
    """The press on *Pay*: what was chosen, what was seen, and the key of this press."""

    key = forms.UUIDField()
    method = forms.CharField(
        max_length=24, error_messages={"required": _("Choose how you want to pay.")}
    )
    seen = forms.CharField(max_length=24, required=False)
    total = forms.IntegerField(required=False)

    @property
    def was_seen(self) -> bool:
        """Whether the total on the page belonged to what is chosen now."""
        return self.is_valid() and self.cleaned_data["seen"] == self.pack_name


class LimitForm(forms.Form):
    """One of the wallet's sliders."""

    span = forms.ChoiceField(choices=[(span, span) for span in ("day", "week", "month")])
    step = forms.IntegerField(min_value=0, max_value=len(STEPS))
