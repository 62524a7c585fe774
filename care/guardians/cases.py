"""Opening a case, and confirming the address it came from. Nothing here looks for an account."""

from datetime import timedelta
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from care.models import GuardianCase, GuardianStep
from foundation.errors import WrongState
from foundation.jobs import nudge
from foundation.texts import clean

TELL = "care.tasks.sweep"
Kind = GuardianStep.Kind
State = GuardianCase.State
# Nobody fills another one's mailbox from our form.
MOST_A_DAY = 3


class Told(TypedDict):
    """What a guardian tells, as the form has checked it."""

    account_named: str
    order_named: str
    relation: str
    name: str
    email: str
    phone: str
    child_age: int
    story: str
    statement_digits: str


@transaction.atomic
def open_case(**told: Unpack[Told]) -> GuardianCase | None:
    """Write a case down and have its address confirmed; nothing for an address that wrote often.

    The caller says the same in both cases.
    """
    for name in ("account_named", "order_named", "name", "phone"):
        told[name] = clean(told[name])
    told["story"] = "\n".join(filter(None, map(clean, told["story"].splitlines())))
    told["email"] = told["email"].lower()
    today = GuardianCase.objects.filter(
        email=told["email"], created_at__gte=timezone.now() - timedelta(days=1)
    )
    if today.count() >= MOST_A_DAY:
        return None
    case = GuardianCase.objects.create(**told)
    note(case, Kind.ASKED)
    return case


@transaction.atomic
def confirm_email(*, case: GuardianCase) -> GuardianCase:
    """Let staff see a case: its address can be reached. Twice is once."""
    try:
        case.move(State.OPEN, confirmed_at=Now())
    except WrongState:
        case.refresh_from_db()
        return case
    note(case, Kind.CONFIRMED)
    return case


def note(case: GuardianCase, kind: "GuardianStep.Kind", **more: object) -> None:
    """Write down what happened, and have the guardian told."""
    GuardianStep.objects.create(case=case, kind=kind, **more)
    nudge(TELL)
