"""Two members of staff who decide one case in the same moment."""

import pytest

from accounts.models import User
from care.guardians import decisions
from care.models import GuardianCase
from care.tests.guardians.stage import opened
from conftest import person
from foundation.errors import DomainError
from gifts.tests.clawback.stage import bought, buyer
from testing.threads import meet_after, together
from wallet.models import Refund
from wallet.tests.disputes.stage import audit


@pytest.fixture
def staff(committed: None) -> list[User]:
    return [person(name, is_staff=True, is_superuser=True) for name in ("dana", "erin")]


def decided_at_once(staff: list[User]) -> list[str]:
    """Let two people grant one case at once, each another order; return what each heard."""
    child = buyer("kim")
    orders = [bought(child, coins) for coins in (500, 300)]
    case = opened(child, staff[0])

    def grant(n: int) -> str:
        try:
            decided = decisions.grant(
                case=case, orders={orders[n].pk: "unused"}, measure="", born=None, by=staff[n]
            )
        except DomainError as refusal:
            return refusal.code
        return decided.state

    return sorted(map(str, together(grant, 2)))


def test_of_two_who_decide_one_does(staff: list[User]) -> None:
    assert decided_at_once(staff) == ["granted", "wrong_state"]
    assert Refund.objects.count() == 1
    audit()


def test_without_the_lock_the_step_is_still_taken_once(
    staff: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "_locked", unlocked)
    meet_after(monkeypatch, decisions, "_account_of")
    assert decided_at_once(staff) == ["granted", "wrong_state"]
    assert Refund.objects.count() == 1
    audit()


def test_control_without_lock_and_step_both_decide(
    staff: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def move(case: GuardianCase, to: str, **changes: object) -> None:
        GuardianCase.objects.filter(pk=case.pk).update(state=to, **changes)
        case.refresh_from_db()

    monkeypatch.setattr(decisions, "_locked", unlocked)
    monkeypatch.setattr(GuardianCase, "move", move)
    meet_after(monkeypatch, decisions, "_account_of")
    assert decided_at_once(staff) == ["granted", "granted"]
    assert Refund.objects.count() == 2


def unlocked(case: GuardianCase) -> GuardianCase:
    return GuardianCase.objects.get(pk=case.pk)
