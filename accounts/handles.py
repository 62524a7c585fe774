"""Handles: the public names of people."""

import secrets

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import names
from accounts.models import HANDLE, User

# Names that could pass for the house itself.
RESERVED = {
    *("about", "account", "admin", "administrator", "api", "billing", "coins", "giftplatform"),
    *("help", "live", "moderator", "official", "overlay", "payouts", "root", "security"),
    *("staff", "studio", "support", "system", "wallet"),
}

_FIRST = ("amber", "calm", "early", "gentle", "misty", "northern", "quiet", "silver", "warm")
_SECOND = ("anchor", "beacon", "ferry", "gull", "harbour", "jetty", "lantern", "sail", "tide")


def suggest() -> str:
    """Return a free handle of the house's own words: the email is private, a handle is not."""
    while True:
        words = f"{secrets.choice(_FIRST)}_{secrets.choice(_SECOND)}"
        handle = f"{words}_{secrets.randbelow(900) + 100}"
        if not User.objects.filter(handle=handle).exists():
            return handle


def clean(typed: str, *, owner: User | None = None) -> str:
    """Return the handle as it is kept: lower case, no @. Raises `ValidationError` if it is gone."""
    handle = typed.strip().removeprefix("@").lower()
    HANDLE(handle)
    if handle in RESERVED:
        raise ValidationError(_("This handle is reserved. Choose another."))
    try:
        names.refuse(handle, owner=owner)
    except names.NameRefused as refused:
        raise ValidationError(refused.detail) from None
    others = User.objects.exclude(pk=owner.pk) if owner else User.objects.all()
    if others.filter(handle__iexact=handle).exists():
        raise ValidationError(_("This handle is taken. Choose another."))
    return handle
