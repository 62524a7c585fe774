"""The demo is told at any hour, in whole or not at all, and writes to nobody."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import rights
from accounts.models import RightsChange, User
from giftplatform.demo import people
from giftplatform.demo.people import Person, create
from gifts.models import SentGift
from live.models import Stream
from payouts.models import Payout
from wallet.prices.diamonds import available_diamonds

pytestmark = pytest.mark.django_db


def test_the_greeting_names_the_staff_and_no_mail_does(mailoutbox: list[object]) -> None:
    create(Person("zoe", "Zoe", "DE", staff=True))
    assert RightsChange.objects.filter(given=True).exists()
    assert rights.tell_due() == 0
    assert mailoutbox == []


def test_a_story_that_is_cut_off_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("giftplatform.demo.story.forget_mail", cut_off)
    with pytest.raises(KeyboardInterrupt):
        call_command("load_demo", verbosity=0)
    assert (User.objects.count(), Stream.objects.count()) == (0, 0)


@pytest.mark.parametrize("hour", [0, 4, 9, 23])
def test_it_is_told_at_any_hour(monkeypatch: pytest.MonkeyPatch, hour: int) -> None:
    began = timezone.now().replace(hour=hour, minute=20) - timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: began)
    call_command("load_demo", verbosity=0)
    assert Payout.objects.count() == 4
    for person in people.CREATORS:
        gifts = SentGift.objects.filter(creator__handle=person.handle)
        assert all(gift.released_at is None or gift.released_at <= began for gift in gifts)
    # The person who tries Bob can ask for a payout.
    assert available_diamonds(User.objects.get(handle="bob")) > 1_334
