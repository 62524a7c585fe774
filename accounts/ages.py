"""Ages: whether a person is old enough, and from which day."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from foundation.errors import DomainError

ADULT = 18


class TooYoung(DomainError):
    """The person is under the age from which gifts are allowed where they live."""

    code = "too_young"
    status = 403
    message = _(
        "You must be %(age)s to send gifts where you live. Until then you can watch and chat."
    )


@dataclass(frozen=True)
class Wait:
    """A wait until a person is old enough: for which country, and until which day."""

    country: Country
    until: date


def reaches(born: date, years: int) -> date:
    """Return the day a person turns `years`; born on 29 February counts from 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def last_birthday(years: int) -> date:
    """Return the last day on which somebody was born who has reached an age today."""
    today = timezone.now().date()
    day = min(today.day, 28) if today.month == 2 else today.day
    return today.replace(year=today.year - years, day=day)


def is_old_enough(born: date, years: int) -> bool:
    """Return whether a person born on this day has reached an age today."""
    return timezone.now().date() >= reaches(born, years)


def wait_of(*, country: Country, born: date) -> Wait | None:
    """Return how long the person must wait, or nothing when they are old enough today."""
    if is_old_enough(born, country.minimum_age):
        return None
    return Wait(country, reaches(born, country.minimum_age))


def require_age(
    *, country: Country, born: date, years: int = 0, refusal: type[DomainError] = TooYoung
) -> None:
    """Raise the refusal below the country's age, or below `years` where an action asks for more."""
    age = max(country.minimum_age, years)
    if not is_old_enough(born, age):
        raise refusal(age=age, country=country.name)
