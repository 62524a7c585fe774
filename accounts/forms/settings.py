"""The forms of the settings page."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import handles, services
from accounts.models import MOST_COINS, Country, Creator, User

AVATARS = [
    (f"accounts/avatars/{name}.svg", label)
    for name, label in (
        ("lantern", _("Lantern")),
        ("lighthouse", _("Lighthouse")),
        ("boat", _("Boat")),
        ("whale", _("Whale")),
        ("gull", _("Gull")),
        ("crab", _("Crab")),
        ("kettle", _("Kettle")),
        ("anchor", _("Anchor")),
    )
]


class ProfileForm(forms.ModelForm[User]):
    """A person's public profile."""

    handle = forms.CharField(
        label=_("Handle"),
        max_length=25,
        help_text=_(
            "3 to 24 characters: a-z, digits and _. Links to your old handle will stop working."
        ),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "username"}
        ),
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["display_name", "handle"]
        labels: ClassVar[dict[str, Any]] = {"display_name": _("Name")}
        help_texts: ClassVar[dict[str, Any]] = {
            "display_name": _("Shown with your gifts and messages. Leave empty to use your handle.")
        }

    def clean_handle(self) -> str:
        """Return the handle as it is kept."""
        return handles.clean(self.cleaned_data["handle"], owner=self.instance)


class SendingForm(forms.Form):
    """A person's gift settings. A field that the request leaves out stays as it is."""

    confirm_from_coins = forms.IntegerField(
        label=_("Ask before gifts of"),
        required=False,
        min_value=1,
        max_value=MOST_COINS,
        error_messages={
            "invalid": _("Enter a whole number of coins, without commas."),
            "min_value": _("Enter 1 coin or more, or leave empty for the site's default."),
            "max_value": _("That's more than any gift costs. Leave empty for the site's default."),
        },
        widget=forms.NumberInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "aria-describedby": "asks-from"}
        ),
    )
    private_supporter = forms.TypedChoiceField(
        label=_("Show my name with my gifts"),
        required=False,
        choices=[
            ("0", _("Everywhere: in the room and on supporter lists")),
            ("1", _("Only in the room: not on lists, leaderboards or images")),
        ],
        coerce=lambda answer: answer == "1",
        empty_value=None,
        widget=forms.RadioSelect,
    )

    @property
    def ways(self) -> services.WaysOfSending:
        """The changes that were asked for."""
        ways: services.WaysOfSending = {}
        if "confirm_from_coins" in self.data:
            ways["confirm_from_coins"] = self.cleaned_data["confirm_from_coins"]
        if self.cleaned_data["private_supporter"] is not None:
            ways["private_supporter"] = self.cleaned_data["private_supporter"]
        return ways

    @property
    def sentence(self) -> str:
        """The first thing that needs another look."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class EmailsForm(forms.ModelForm[User]):
    """Which emails a person wants beside those that must be sent."""

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["monthly_email"]
        labels: ClassVar[dict[str, Any]] = {"monthly_email": _("Monthly statement")}
        help_texts: ClassVar[dict[str, Any]] = {
            "monthly_email": _(
                "On the first of a month: what you bought, sent and got refunded. "
                "Nothing comes for a month without any."
            )
        }
        widgets: ClassVar[dict[str, Any]] = {
            "monthly_email": forms.CheckboxInput(attrs={"class": "switch"}),
        }


class CountryForm(forms.Form):
    """The country that a person moved to."""

    country = forms.ModelChoiceField(
        Country.objects.select_related("region"),
        label=_("Country"),
        empty_label=None,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )


class CreatorForm(forms.ModelForm[Creator]):
    """A creator's public profile."""

    avatar = forms.ChoiceField(
        label=_("Picture"),
        required=False,
        widget=forms.RadioSelect(attrs={"class": "visually-hidden"}),
    )

    class Meta:
        model = Creator
        fields: ClassVar[list[str]] = ["bio", "avatar", "accepts_gifts"]
        labels: ClassVar[dict[str, Any]] = {
            "bio": _("Bio"),
            "accepts_gifts": _("Accept gifts"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "bio": _("Up to 160 characters. Shown under your name."),
            "accepts_gifts": _("When off, people can watch and chat but not send gifts."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "bio": forms.Textarea(attrs={"rows": 2, "maxlength": 160}),
            "accepts_gifts": forms.CheckboxInput(attrs={"class": "switch"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.avatar
        # A picture that is not ours (staff chose it) stays possible, or saving would take it away.
        own = [(kept, _("Keep current"))] if kept and kept not in dict(AVATARS) else []
        field = self.fields["avatar"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = [("", _("None")), *own, *AVATARS]
