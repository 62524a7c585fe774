"""Becoming a creator."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Creator, User, age_on
from giftplatform.errors import DomainError

# Whoever is paid signs for it: eighteen everywhere, more where a country's rule says so.
OF_AGE = 18


class TooYoung(DomainError):
    """Below the age from which one can earn here."""

    code = "too_young"
    status = 403
    message = _("You can become a creator when you are %(age)s.")


class AgeUnknown(DomainError):
    """Country or date of birth are missing."""

    code = "age_unknown"
    status = 422
    message = _("Tell us your country and date of birth in your settings first.")


@transaction.atomic
def become_creator(*, user: User, bio: str = "") -> Creator:
    """Make a person a creator; twice is once. Raises `TooYoung`, `AgeUnknown`."""
    if user.country is None or user.date_of_birth is None:
        raise AgeUnknown
    age = max(OF_AGE, user.country.minimum_age)
    if age_on(user.date_of_birth, timezone.now().date()) < age:
        raise TooYoung(age=age)
    mine = User.objects.select_for_update().get(pk=user.pk)
    creator, _created = Creator.objects.get_or_create(user=mine, defaults={"bio": bio})
    if not mine.is_creator:
        mine.is_creator = user.is_creator = True
        mine.save(update_fields=["is_creator"])
    return creator
