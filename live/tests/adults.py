"""A stream for adults, and a person who is none."""

from django.utils import timezone

from accounts.models import Country, User
from conftest import person
from live.models import Stream
from live.streams import services


def for_adults(creator: User) -> Stream:
    """Return a stream for adults, on air."""
    return services.go_live(creator=creator, title="Late", adults_only=True)


def of_sixteen() -> User:
    """Return a person of sixteen who may send gifts where they live."""
    Country.objects.filter(code="DE").update(minimum_age=13)
    sixteen_years_ago = timezone.now().date().replace(month=1, day=1)
    return person("minor", born=sixteen_years_ago.replace(year=sixteen_years_ago.year - 16))
