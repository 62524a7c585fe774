"""What a guardian tells, and what staff decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from care.models import GuardianCase
from care.models.guardians import FOUR_DIGITS, LONGEST_ANSWER, LONGEST_STORY
from foundation.texts import clean

CHILD = 17


class GuardianForm(forms.Form):
    """A case as a guardian writes it."""

    account_named = forms.CharField(
        label=_("The child’s account"),
        required=False,
        max_length=254,
        help_text=_("The name, @handle or email that the child uses here, whichever you know."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    order_named = forms.CharField(
        label=_("Order or receipt number"),
        required=False,
        max_length=64,
        help_text=_("From the receipt that we emailed. It helps when you don't know the account."),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    child_age = forms.IntegerField(
        label=_("How old is the child?"),
        min_value=0,
        max_value=CHILD,
        error_messages={
            "max_value": _(
                "Cases are for children under 18. You can return unused coins in your orders."
            ),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input-short"}),
    )
    story = forms.CharField(
        label=_("What happened?"),
        max_length=LONGEST_STORY,
        help_text=_("When it was, about how much, and how the child could pay."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    statement_digits = forms.CharField(
        label=_("Last 4 digits of the card or bank account"),
        required=False,
        max_length=4,
        validators=[FOUR_DIGITS],
        help_text=_("As on your statement. Never send us the whole number."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-short"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    relation = forms.ChoiceField(
        label=_("You are the child’s"), choices=GuardianCase.Relation.choices
    )
    email = forms.EmailField(
        label=_("Your email"),
        max_length=254,
        help_text=_("We write to this address. Use yours, not the child’s."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def clean(self) -> dict[str, Any]:
        """Return the answers; without account and order nobody could look."""
        answers = super().clean() or {}
        if not any(clean(answers.get(name, "")) for name in ("account_named", "order_named")):
            self.add_error("account_named", _("Enter the account, or an order or receipt number."))
        for name in ("name", "story"):
            if answers.get(name) and not clean(answers[name]):
                self.add_error(name, _("Write something that can be read."))
        return answers


class MatchForm(forms.Form):
    """Which account it is."""

    account = forms.CharField(label=_("Handle or email"), max_length=254)


class DecisionForm(forms.Form):
    """What is done about the account, and what the guardian is told."""

    measure = forms.ChoiceField(choices=GuardianCase.Measure.choices, required=False)
    born = forms.DateField(required=False)
    answer = forms.CharField(max_length=LONGEST_ANSWER, required=False)
