"""Forms of the coins page and the wallet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Country, SpendingLimit, SpendingPause, Terms, User
from foundation.requests import number
from wallet.limits.usage import STEPS
from wallet.models import Bundle
from wallet.prices import pricing
from wallet.prices.quotes import Quote
from wallet.purchases.buying import BundleGone

CUSTOM = "custom"
LARGEST_LIMIT = 10_000_000


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
        bundle, coins = self.choice(country)
        if bundle is None:
            return pricing.quote_for_coins(coins, country)
        return pricing.quote_for_bundle(bundle, country)

    def choice(self, country: Country) -> tuple[Bundle | None, int]:
        """Return the pack that is chosen, or none and how many coins. Raises `BundleGone`."""
        name = self.pack_name
        kind, _colon, typed = name.partition(":")
        if kind == CUSTOM:
            return None, number(typed) or 0
        on_sale = pricing.bundles_of(country.region_id)
        found = next((bundle for bundle in on_sale if bundle.pk == number(name)), None)
        if found is None:
            raise BundleGone
        return found, found.coins


class CheckoutForm(PackForm):
    """The press on *Pay*: what was chosen, what was seen, and the key of this press."""

    key = forms.UUIDField()
    method = forms.CharField(
        max_length=24, error_messages={"required": _("Choose how you want to pay.")}
    )
    seen = forms.CharField(max_length=24, required=False)
    total = forms.IntegerField(required=False)
    bonus = forms.IntegerField(required=False)
    terms = forms.SlugField(max_length=24, required=False)

    @property
    def was_seen(self) -> bool:
        """Whether the page's total was for what is chosen now, and its terms are still in force."""
        if not self.is_valid():
            return False
        terms = self.cleaned_data["terms"] in {"", Terms.objects.current().version}
        return terms and self.cleaned_data["seen"] == self.pack_name


class CreatorLimitForm(forms.Form):
    """The limit for gifts to one creator."""

    creator = forms.CharField(
        label=_("Creator"),
        max_length=25,
        widget=forms.TextInput(attrs={"placeholder": "@handle", "autocapitalize": "none"}),
    )
    span = forms.ChoiceField(
        label=_("For"), choices=[(span.value, span.label) for span in SpendingLimit.Span]
    )
    coins = forms.IntegerField(
        label=_("At most, coins"),
        min_value=0,
        max_value=LARGEST_LIMIT,
        required=False,
        help_text=_("0 for none at all. Leave it empty to end the limit."),
    )

    def clean_creator(self) -> User:
        """Return the creator whose handle it is."""
        handle = self.cleaned_data["creator"].removeprefix("@")
        found = User.objects.filter(handle__iexact=handle, is_creator=True).first()
        if found is None:
            raise forms.ValidationError(
                _("We don't know a creator of this name. Check the handle on their page.")
            )
        return found


class PauseForm(forms.Form):
    """A break from spending, and the yes to its being kept."""

    length = forms.ChoiceField(
        label=_("For how long"),
        choices=SpendingPause.Length.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how long the pause lasts.")},
    )
    sure = forms.BooleanField(
        label=_("I know that nobody can end this early, neither I nor the staff."),
        error_messages={"required": _("Confirm that nobody can end the pause early.")},
    )


class LimitForm(forms.Form):
    """One of the wallet's sliders."""

    span = forms.ChoiceField(choices=[(span, span) for span in ("day", "week", "month")])
    step = forms.IntegerField(min_value=0, max_value=len(STEPS))
