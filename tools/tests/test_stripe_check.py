"""The check against Stripe's test mode, walked against the stand-in by a payer who is no person."""

from collections.abc import Iterator

import pytest

from stripe_standin.server import Standin
from tools import stripe_check
from tools.stripe_check import Journey
from wallet.tests.stripe.stage import stripe_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def standin() -> Iterator[Standin]:
    with stripe_site() as standin:
        yield standin


def test_the_check_walks_every_journey(standin: Standin) -> None:
    walked: list[str] = []

    def payer(journey: Journey, url: str, reference: str) -> None:
        account = standin.account
        walked.append(journey.title)
        match journey.title:
            case "declined":
                account.decline(reference)
            case "later":
                account.pay_later(reference)
                account.arrive(reference)
            case "fails later":
                account.pay_later(reference)
                account.fail_later(reference)
            case "disputed":
                session = account.pay(reference)
                charge = account.charge_of(account.intent_of(session))
                assert charge is not None
                account.open_dispute(charge)
            case _:
                account.pay(reference)

    assert stripe_check.check(payer) == []
    assert walked == [journey.title for journey in stripe_check.JOURNEYS]


def test_the_check_notices_another_stripe(
    standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site that was paid less than it asked for, and an answer with a name that is new."""
    monkeypatch.setattr(stripe_check, "PATIENCE_S", 0.1)
    journey = stripe_check.JOURNEYS[0]

    def pays_less(_journey: Journey, _url: str, reference: str) -> None:
        session = standin.account.pay(reference)
        standin.account.change(standin.account.intent_of(session), amount_received=1)

    with pytest.raises(stripe_check.Failed):
        stripe_check.walk(journey, pays_less)
    with pytest.raises(stripe_check.Failed, match="never became"):
        stripe_check.walk(journey, lambda *_: None)
