"""Ages: the day somebody may, and the day before."""

from datetime import date

import pytest

from accounts.ages import reaches
from accounts.models import Country, age_on


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
    assert age_on(born, day) == years
    assert age_on(born, date.fromordinal(day.toordinal() - 1)) == years - 1


@pytest.mark.parametrize(("minimum", "allowed"), [(18, True), (19, False)])
def test_a_country_allows_from_its_age(minimum: int, allowed: bool) -> None:
    country = Country(code="XX", name="Test", minimum_age=minimum)
    assert country.allows(date(2008, 5, 17), today=date(2026, 5, 17)) is allowed


@pytest.mark.parametrize(("rate", "said"), [(1900, "19"), (750, "7.5"), (0, "0"), (2000, "20")])
def test_a_tax_is_said_as_people_say_it(rate: int, said: str) -> None:
    assert Country(tax_rate_bp=rate).tax_percent == said
