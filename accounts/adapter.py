"""Where sign-in and sign-up differ from allauth's own ways."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter with this site's words."""
