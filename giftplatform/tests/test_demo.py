"""The people of the demo."""

import pytest

from accounts import rights
from accounts.models import RightsChange
from giftplatform.demo.people import Person, create

pytestmark = pytest.mark.django_db


def test_the_greeting_names_the_staff_and_no_mail_does(mailoutbox: list[object]) -> None:
    create(Person("zoe", "Zoe", "DE", staff=True))
    assert RightsChange.objects.filter(given=True).exists()
    assert rights.tell_due() == 0
    assert mailoutbox == []
