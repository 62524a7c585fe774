"""The form that sends a gift."""

import uuid
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

SHOWN = ("everywhere", "room", "nowhere")
AGAIN = _("Reload the page and send it again.")


class SendForm(forms.Form):
    """One press in the tray. The sentences about the gift itself come from the service."""

    private: bool | None = None  # on no list from now on; None: as it was

    gift = forms.SlugField(max_length=40, error_messages={"required": _("Choose a gift first.")})
    key = forms.UUIDField(
        error_messages={
            "required": _("This request has no key. Reload the page."),
            "invalid": _("This request has no key. Reload the page."),
        }
    )
    quantity = forms.IntegerField(required=False)
    message = forms.CharField(required=False)  # how long it may be, the gift says
    combo = forms.UUIDField(required=False)
    anonymous = forms.BooleanField(required=False)
    confirmed = forms.BooleanField(required=False)
    to = forms.UUIDField(required=False, error_messages={"invalid": AGAIN})
    # On a replay: the moment of the stream that the sender sees.
    moment = forms.DateTimeField(required=False, error_messages={"invalid": AGAIN})
    shown = forms.ChoiceField(required=False, choices=[(one, one) for one in SHOWN])

    def clean(self) -> dict[str, Any]:
        """Return what sending takes; a choice of name becomes `anonymous` and `private`."""
        cleaned = super().clean() or {}
        shown = cleaned.pop("shown", "")
        self.private = {"everywhere": False, "room": True}.get(shown)
        cleaned["anonymous"] = cleaned.get("anonymous", False) or shown == "nowhere"
        return cleaned

    def clean_quantity(self) -> int:
        """Return 1 when nothing was said."""
        quantity: int | None = self.cleaned_data["quantity"]
        return 1 if quantity is None else quantity

    def clean_moment(self) -> datetime | None:
        """Return it as UTC: the database knows no zone sixteen hours away, and a day before year 1
        is none.
        """
        moment: datetime | None = self.cleaned_data["moment"]
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:
            raise forms.ValidationError(AGAIN, "invalid") from None

    @property
    def sentence(self) -> str:
        """The first thing that needs another look."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


def fresh_key() -> uuid.UUID:
    """Return a key for a form that works without scripts."""
    return uuid.uuid4()
