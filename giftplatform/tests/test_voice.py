"""Forms speak the site's language: no jargon, and what to do."""

from django import forms


class Everything(forms.Form):
    """A field of each kind that people fill in."""

    name = forms.CharField()
    email = forms.EmailField()
    born = forms.DateField()
    coins = forms.IntegerField(min_value=1, max_value=500)
    begins = forms.DateTimeField()
    country = forms.ChoiceField(choices=[("DE", "Germany")])


def test_an_empty_form_says_what_is_needed() -> None:
    assert {str(e[0]) for e in Everything({}).errors.values()} == {"Fill this in."}


def test_what_cannot_be_read_is_answered_with_an_example() -> None:
    form = Everything(
        {"name": "Ana", "email": "ana@", "born": "soon", "coins": "many", "begins": "then"}
        | {"country": "XX"}
    )
    assert {field: errors[0] for field, errors in form.errors.items()} == {
        "email": "Enter an email address, like ana@example.org.",
        "born": "Enter a date, like 1990-05-17.",
        "coins": "Enter a whole number.",
        "begins": "Enter a date and time, like 2026-05-17 20:00.",
        "country": "Choose an option from the list.",
    }


def test_a_number_out_of_bounds_is_answered_with_the_bound() -> None:
    assert [Everything({"coins": coins}).errors["coins"][0] for coins in ("0", "501")] == [
        "Enter 1 or more.",
        "Enter 500 or less.",
    ]


def test_a_text_that_is_too_long_says_how_long_it_may_be() -> None:
    class Short(forms.Form):
        name = forms.CharField(max_length=3)

    assert Short({"name": "Agnes"}).errors["name"] == ["Shorten this to 3 characters. It has 5."]
