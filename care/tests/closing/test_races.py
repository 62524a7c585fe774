"""An account that is closed by two presses, and one that is kept while it ends."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from care.closing import finishing, services
from care.models import Closing
from gifts.tests.clawback.stage import bought, buyer
from testing.threads import meet_after, side_by_side, together
from wallet.models import Refund
from wallet.tests.disputes.stage import audit


@pytest.fixture
def fan(committed: None) -> User:
    return buyer()


def test_two_presses_close_once(fan: User) -> None:
    bought(fan, 500)
    first, second = together(lambda n: services.ask(user=fan).pk, 2)
    assert first == second
    assert Refund.objects.count() == 1
    audit()


def test_control_without_the_persons_lock_the_database_takes_one(
    fan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bought(fan, 500)
    meet_after(monkeypatch, services, "offer_of")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    monkeypatch.setattr(services, "lock_coins", lambda pk: None)
    heard = together(lambda n: services.ask(user=fan), 2, returned=IntegrityError)
    assert sorted(type(one).__name__ for one in heard) == ["Closing", "IntegrityError"]
    audit()


def test_an_account_is_kept_or_closed_and_never_both(fan: User) -> None:
    for _turn in range(4):
        services.ask(user=fan)
        past = timezone.now() - timedelta(days=1)
        Closing.objects.under_way().update(closes_at=past, due_at=past)
        kept, _looked = side_by_side(lambda: services.keep(user=fan), finishing.finish_due)
        closing = Closing.objects.order_by("pk").last()
        assert closing is not None
        assert bool(closing.undone_at) == kept != bool(closing.closed_at)
        fan.refresh_from_db()
        assert fan.is_active == kept
        if not kept:
            break
