"""The forms of the settings page."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import handles
from accounts.models import Country, Creator, User

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
    """How others see a person."""

    handle = forms.CharField(
        label=_("Handle"),
        max_length=25,
        help_text=_("3 to 24 letters a-z, digits and _. Links to the old one stop working."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "username"}
        ),
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["display_name", "handle"]
        labels: ClassVar[dict[str, Any]] = {"display_name": _("Name")}
        help_texts: ClassVar[dict[str, Any]] = {
            "display_name": _("Shown with your gifts and words. Empty: we show the handle.")
        }

    def clean_handle(self) -> str:
        """Return the handle as it is kept."""
        return handles.clean(self.cleaned_data["handle"], keeper=self.instance)


class CountryForm(forms.Form):
    """Where a person lives now."""

    country = forms.ModelChoiceField(
        Country.objects.select_related("region"),
        label=_("Country"),
        empty_label=None,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )


class CreatorForm(forms.ModelForm[Creator]):
    """What others see of a creator."""

    avatar = forms.ChoiceField(
        label=_("Picture"),
        required=False,
        widget=forms.RadioSelect(attrs={"class": "visually-hidden"}),
    )

    class Meta:
        model = Creator
        fields: ClassVar[list[str]] = ["bio", "avatar", "accepts_gifts"]
        labels: ClassVar[dict[str, Any]] = {
            "bio": _("About you"),
            "accepts_gifts": _("I take gifts"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "bio": _("160 characters. It stands under your name."),
            "accepts_gifts": _("Off: people can watch and talk, but not send gifts."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "bio": forms.Textarea(attrs={"rows": 2, "maxlength": 160}),
            "accepts_gifts": forms.CheckboxInput(attrs={"class": "switch"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.avatar
        # A picture that is not ours (staff chose it) stays possible, or saving would take it away.
        own = [(kept, _("As it is"))] if kept and kept not in dict(AVATARS) else []
        field = self.fields["avatar"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = [("", _("None")), *own, *AVATARS]
