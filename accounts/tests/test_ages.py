"""Ages: the first day that is old enough, and the day before."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.ages import TooYoung, is_old_enough, reaches, require_age
from accounts.models import Country
from accounts.models.places import percent


@pytest.mark.parametrize(
    ("born", "years", "day"),
    [
        (date(2008, 5, 17), 18, date(2026, 5, 17)),
        (date(2008, 2, 29), 18, date(2026, 3, 1)),
        (date(2008, 2, 29), 20, date(2028, 2, 29)),
        (date(2006, 12, 31), 19, date(2025, 12, 31)),
    ],
)
def test_the_day_one_reaches_an_age_is_the_day_one_has_it(
    born: date, years: int, day: date
) -> None:
    assert reaches(born, years) == day


def test_one_is_old_enough_from_the_day_one_reaches_the_age() -> None:
    today = timezone.now().date()
    assert is_old_enough(reaches(today, -18), 18)
    assert not is_old_enough(reaches(today, -18) + timedelta(days=1), 18)


@pytest.mark.parametrize(("years", "age"), [(0, 18), (20, 20)])
def test_the_higher_of_the_country_s_and_the_action_s_age_holds(years: int, age: int) -> None:
    country = Country(code="XX", name="Test", minimum_age=18)
    born = reaches(timezone.now().date(), -age) + timedelta(days=1)
    with pytest.raises(TooYoung, match=rf"\b{age}\b"):
        require_age(country=country, born=born, years=years)
    require_age(country=country, born=born - timedelta(days=1), years=years)


@pytest.mark.parametrize(("rate", "said"), [(1900, "19"), (750, "7.5"), (0, "0"), (2000, "20")])
def test_a_tax_is_said_as_people_say_it(rate: int, said: str) -> None:
    assert percent(rate) == said
