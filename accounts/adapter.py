"""The differences from allauth's own sign-in and sign-up."""

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.crypto import Cipher

if TYPE_CHECKING:
    from accounts.models import User


cipher = Cipher("second factors")


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter with this site's words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Contact us if you think that's a mistake."),
        "cannot_remove_primary_email": _("This is your primary email. Choose another one first."),
        "duplicate_email": _("This email is already on your account. Enter another one."),
        "email_taken": _(
            "This email belongs to another account. Sign in with it, or enter another."
        ),
        "enter_current_password": _("That's not your current password. Try again, or reset it."),
        "incorrect_code": _("That code didn't work. Enter the one your app shows now."),
        "incorrect_password": _("Wrong password. Try again, or reset it."),
        "invalid_or_expired_key": _("This link has expired. Ask for a new one."),
        "invalid_login": _("Wrong email or password. Try again, or reset your password."),
        "invalid_password_reset": _("This link has expired. Ask for a new one."),
        "max_email_addresses": _("You can have up to %d email addresses. Remove one first."),
        "too_many_login_attempts": _("Too many attempts. Try again in five minutes."),
        "unknown_email": _("No account uses this email. Check it, or join with it."),
        "unverified_primary_email": _("Confirm this email first. The link is in your inbox."),
        "select_only_one": _("Choose an option."),
        "same_as_current": _("Nothing would change. Enter something else."),
        "rate_limited": _("Too many requests. Try again in a minute."),
    }

    error_messages |= {
        # Nobody here has a username or a phone: what allauth says of them is said of the email.
        "email_password_mismatch": error_messages["invalid_login"],
        "username_password_mismatch": error_messages["invalid_login"],
        "phone_password_mismatch": error_messages["invalid_login"],
        "phone_taken": error_messages["email_taken"],
        "unknown_phone": error_messages["unknown_email"],
        "username_blacklisted": _("This name can't be used. Choose another."),
        "username_taken": _("This name is taken. Choose another."),
    }

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Show a message, but for what the page that it would lie over says itself."""
        template = kwargs.get("message_template") or (args[1] if len(args) > 1 else "")
        said = str(template).endswith("email_confirmation_sent.txt")
        if not said or request.user.is_authenticated:
            super().add_message(request, *args, **kwargs)

    def get_reauthentication_methods(self, user: "User") -> list[dict[str, Any]]:
        """Return the ways to prove that it is still the same person, in our words."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        return [way | {"description": words.get(way["id"], way["description"])} for way in ways]

    def save_user(
        self, request: HttpRequest, user: "User", form: Any, commit: bool = True
    ) -> "User":
        """Return the new person with handle, country and date of birth: no row lacks them."""
        answers = form.cleaned_data
        user.handle = answers["handle"]
        user.country = answers["country"]
        user.date_of_birth = answers["date_of_birth"]
        saved: User = super().save_user(request, user, form, commit)
        return saved


class MFAAdapter(DefaultMFAAdapter):
    """allauth's second factors, with their secrets encrypted at rest."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("Turn off two-step verification before you add an email."),
        "cannot_delete_authenticator": _(
            "Two-step verification can't be turned off here. Contact us."
        ),
        "cannot_generate_recovery_codes": _(
            "Set up two-step verification first to get recovery codes."
        ),
        "incorrect_code": _("That code didn't work. Enter the one your app shows now."),
        "unverified_email": _("Confirm your email first. The link is in your inbox."),
    }

    def generate_authenticator_name(self, user: "User", type: str) -> str:  # allauth's name
        """Return a name to start from."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("My passkey") if number == 1 else gettext("Passkey %d") % number

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored: a copy of the database alone opens no account."""
        return cipher.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret as it was."""
        return cipher.decrypt(encrypted_text.encode()).decode()


class SessionsAdapter(DefaultUserSessionsAdapter):
    """allauth's list of browsers: signing the others out ends programs with a key too."""

    def end_sessions(self, sessions: list[UserSession]) -> None:
        """End the sessions and the keys to the API, also when there was no other session."""
        super().end_sessions(sessions)
        if self.request.user.is_authenticated:
            self.request.user.revoke_api_keys()
