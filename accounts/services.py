"""A person's own account: the functions that pages and API share."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken.models import Token

from accounts import names
from accounts.ages import TooYoung, require_age
from accounts.models import Country, Creator, User
from foundation.errors import DomainError
from foundation.texts import clean

CREATOR_AGE = 18  # contracts and payouts; a country may ask for more, none may ask for less


class HandleTaken(DomainError):
    """Another person has the handle."""

    code = "handle_taken"
    message = _("This handle is taken. Choose another.")
    field = "handle"


class CreatorTooYoung(TooYoung):
    """Below the age from which one can go on air and earn."""

    message = _("You must be %(age)s to go live.")


class OriginUnknown(DomainError):
    """Country or date of birth is missing, and with it the rules that apply."""

    code = "age_unknown"
    status = 422
    message = _("Add your country and date of birth in your settings first.")


class OriginKnown(DomainError):
    """The date of birth was told before, and is not told twice."""

    code = "origin_known"
    message = _("Your date of birth is already set. Contact us if it's wrong.")


class CreatorProfile(TypedDict, total=False):
    """A creator's public profile."""

    bio: str
    avatar: str
    accepts_gifts: bool


class WaysOfSending(TypedDict, total=False):
    """A person's gift settings: from how many coins to ask, and where to show the name."""

    confirm_from_coins: int | None
    private_supporter: bool


@transaction.atomic
def become_creator(*, user: User, **profile: Unpack[CreatorProfile]) -> Creator:
    """Let a person go on air. A creator keeps the profile they have."""
    profile = _cleaned(profile)
    country, born = user.country, user.date_of_birth
    if country is None or born is None:
        raise OriginUnknown
    require_age(country=country, born=born, years=CREATOR_AGE, refusal=CreatorTooYoung)
    User.objects.select_for_update().get(pk=user.pk)  # two presses make one creator
    creator, _new = Creator.objects.get_or_create(user=user, defaults=profile)
    if not user.is_creator:
        user.is_creator = True
        user.save(update_fields=["is_creator"])
    return creator


def save_profile(*, user: User, handle: str, display_name: str) -> User:
    """Change how others see the person. Raises `HandleTaken`, `NameRefused` and its kinds."""
    user.handle, user.display_name = handle, names.cleaned(display_name, owner=user)
    try:
        with transaction.atomic():
            user.save(update_fields=["handle", "display_name"])
    except IntegrityError as error:
        raise HandleTaken from error
    return user


def save_sending(*, user: User, **ways: Unpack[WaysOfSending]) -> User:
    """Change how the person's gifts leave; what is not named stays. No number: as the site asks."""
    for name, value in ways.items():
        setattr(user, name, value)
    user.save(update_fields=list(ways))
    return user


def save_creator(*, creator: Creator, **profile: Unpack[CreatorProfile]) -> Creator:
    """Change what others see of a creator."""
    profile = _cleaned(profile)
    for name, value in profile.items():
        setattr(creator, name, value)
    creator.save(update_fields=list(profile))
    return creator


def _cleaned(profile: CreatorProfile) -> CreatorProfile:
    return {**profile, "bio": clean(profile["bio"])} if "bio" in profile else profile


def set_origin(*, user: User, country: Country, born: date) -> User:
    """Write down, once, what a person who was made by command never said."""
    if user.date_of_birth is not None:
        raise OriginKnown
    require_age(country=country, born=born)
    user.country, user.date_of_birth = country, born
    user.save(update_fields=["country", "date_of_birth"])
    return user


def move(*, user: User, country: Country) -> User:
    """Let a person live elsewhere: that country's currency, taxes and ages hold. Coins stay."""
    if user.date_of_birth is None:
        raise OriginUnknown
    years = CREATOR_AGE if user.is_creator else 0
    require_age(country=country, born=user.date_of_birth, years=years)
    user.country = country
    user.save(update_fields=["country"])
    return user


@transaction.atomic
def make_token(*, user: User) -> str:
    """Return a new key to the API. The one before it stops working."""
    User.objects.select_for_update().get(pk=user.pk)  # two presses: one key, not an error
    user.revoke_token()
    key: str = Token.objects.create(user=user).key
    return key
