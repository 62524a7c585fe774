"""The people of the demo."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import Country, Creator, RightsChange, User

PASSWORD = "harbour-night-7"  # noqa: S105  # printed at every start of a sandbox
JOINED = timedelta(days=60)  # before the end of the story


@dataclass(frozen=True)
class Person:
    """One of the demo's people.

    `role` is what the greeting says; without one they are not printed.
    """

    handle: str
    name: str
    country: str
    role: str = ""
    bio: str = ""
    staff: bool = False


FANS = (
    Person("alice", "Alice", "DE", "a fan with coins"),
    Person("noor", "Noor", "NL"),
    Person("sam", "Sam", "US"),
    Person("june", "June", "GB"),
    Person("lena", "Lena", "AT"),
    Person("omar", "Omar", "FR"),
    Person("priya", "Priya", "GB"),
)
CREATORS = (
    Person("bob", "Bob", "DE", "a creator on air", "Guitar by the window, requests welcome."),
    Person("mira", "Mira", "FR", bio="Clay, wheel, tea."),
    Person("tomas", "Tomas", "ES", bio="Chess before breakfast."),
    Person("yuki", "Yuki", "JP", bio="Ink, brush and a warm pot."),
    Person("ines", "Ines", "PT", bio="Bread from midnight on."),
    Person("kofi", "Kofi", "GB", bio="Records and ships' horns."),
)
STAFF = (
    Person("dana", "Dana", "DE", "staff", staff=True),
    Person("erin", "Erin", "DE", "staff, the second pair of eyes", staff=True),
)
EVERYBODY = (*FANS, *CREATORS, *STAFF)


def sign_ins() -> list[tuple[str, str]]:
    """Return the email and role of everybody whom the greeting names."""
    return [(f"{person.handle}@example.com", person.role) for person in EVERYBODY if person.role]


@transaction.atomic
def create(person: Person) -> User:
    """Return the person, who joins now with a verified address."""
    user = User(
        email=f"{person.handle}@example.com",
        password=hashed(),
        handle=person.handle,
        display_name=person.name,
        country=Country.objects.get(code=person.country),
        date_of_birth=date(1990, 5, 17),
        date_joined=timezone.now(),
        is_creator=person in CREATORS,
        is_staff=person.staff,
        is_superuser=person.staff,
    )
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    # The greeting names the demo's staff: no mail about their rights.
    RightsChange.objects.filter(user_id=user.pk).update(notify_at=None)
    if person in CREATORS:
        Creator.objects.create(
            user=user,
            trust=Creator.Trust.TRUSTED,
            bio=person.bio,
            avatar=f"live/avatars/{person.handle}.svg",
        )
    return user


@cache
def hashed() -> str:
    """Return everybody's password as it is stored: a hash takes its time, and one is enough."""
    return make_password(PASSWORD)
