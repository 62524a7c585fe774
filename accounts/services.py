"""A person's own account: the functions that pages and API share."""

from datetime import date, timedelta
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.ages import ADULT, TooYoung, require_age
from accounts.models import Country, Creator, Move, User
from foundation.errors import DomainError
from foundation.texts import clean

# Tax and prices follow the country: it is not a switch between two purchases.
MOVES_EVERY = timedelta(days=90)
CREATOR_AGE = ADULT  # contracts and payouts; a country may ask for more, none may ask for less


def creator_age(country: Country) -> int:
    """Return from which age a person in this country can go on air and earn."""
    return max(CREATOR_AGE, country.minimum_age)


class HandleTaken(DomainError):
    """Another person has the handle."""

    code = "handle_taken"
    message = _("This handle is taken. Choose another.")
    field = "handle"


class CreatorTooYoung(TooYoung):
    """Below the age from which one can go on air and earn."""

    message = _("You must be %(age)s to go live. Until then you can watch and chat.")


class OriginUnknown(DomainError):
    """Country or date of birth is missing, and with it the rules that apply."""

    code = "age_unknown"
    status = 422
    message = _("Add your country and date of birth in your settings first.")


class OriginKnown(DomainError):
    """The date of birth was told before, and is not told twice."""

    code = "origin_known"
    message = _("Your date of birth is already set. Contact us if it's wrong.")


class MovedLately(DomainError):
    """The person changed the country less than 90 days ago."""

    code = "moved_lately"
    message = _(
        "You can change your country again on %(again)s. Contact us if you moved before then."
    )
    field = "country"


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


def save_emails(*, user: User, monthly_email: bool) -> User:
    """Say whether the person wants the monthly email."""
    user.monthly_email = monthly_email
    user.save(update_fields=["monthly_email"])
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


def moves_again_on(user: User) -> date | None:
    """Return from which day a person can change the country again; nothing when they can now.

    What staff changed does not count.
    """
    last = user.moves.filter(by=None).first()
    if last is None:
        return None
    again = timezone.localdate(last.created_at) + MOVES_EVERY
    return again if again > timezone.localdate() else None


@transaction.atomic
def move(*, user: User, country: Country, by: User | None = None) -> User:
    """Let a person live elsewhere: that country's currency, taxes and ages hold. Coins stay.

    A person can do it once in 90 days; `by` is the member of staff who does it for them at any
    time. Raises `MovedLately`, `OriginUnknown`, `TooYoung`.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if locked.country_id == country.pk:
        return user
    if by is None:
        if locked.date_of_birth is None:
            raise OriginUnknown
        if again := moves_again_on(locked):
            raise MovedLately(again=date_format(again, "DATE_FORMAT"))
        years = CREATOR_AGE if locked.is_creator else 0
        require_age(country=country, born=locked.date_of_birth, years=years)
    Move.objects.create(user=user, origin_id=locked.country_id, to=country, by=by)
    user.country = country
    user.save(update_fields=["country"])
    return user
