"""Forms speak the site's language: no jargon, and what to do."""

from django import forms


class Everything(forms.Form):
    """A field of each kind that people fill in."""

    name = forms.CharField()
    email = forms.EmailField()
    born = forms.DateField()
    coins = forms.IntegerField()
    country = forms.ChoiceField(choices=[("DE", "Germany")])


def test_an_empty_form_says_what_is_needed() -> None:
    assert {str(e[0]) for e in Everything({}).errors.values()} == {"This is needed."}


def test_what_cannot_be_read_is_answered_with_an_example() -> None:
    form = Everything(
        {"name": "Ana", "email": "ana@", "born": "soon", "coins": "many", "country": "XX"}
    )
    assert {field: errors[0] for field, errors in form.errors.items()} == {
        "email": "Write an e-mail address, like ana@example.org.",
        "born": "Write a date, like 1990-05-17.",
        "coins": "Write a whole number.",
        "country": "Choose one of the list.",
    }
