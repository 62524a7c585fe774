"""Forms about people."""

from django import forms


class SignupForm(forms.Form):
    """What a new person tells us beyond e-mail and password."""

    def signup(self, request: object, user: object) -> None:
        """Store the answers."""
