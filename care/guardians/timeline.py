"""A case's steps as its page shows them: what happened, and what comes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from care.models import GuardianCase, GuardianStep

Kind = GuardianStep.Kind
State = GuardianCase.State


@dataclass(frozen=True)
class Step:
    """One line of the timeline."""

    name: StrOrPromise
    state: str  # done, now or next
    at: datetime | None = None
    note: StrOrPromise = ""


def steps_of(case: GuardianCase) -> list[Step]:
    """Return what happened to a case, where it is, and what comes next."""
    happened = [Step(Kind(step.kind).label, "done", step.at) for step in case.steps.all()]
    now = {
        State.UNCONFIRMED: [
            Step(_("Confirm your email"), "now"),
            Step(_("We look into it"), "next"),
        ],
        State.OPEN: [Step(_("We are looking into it"), "now"), Step(_("Our answer"), "next")],
        # A second person is a matter of the house.
        State.CHECKING: [Step(_("We are looking into it"), "now"), Step(_("Our answer"), "next")],
        State.GRANTED: [
            Step(_("The money is on its way"), "now", note=_("Banks take up to 10 days.")),
        ],
    }
    return happened + now.get(State(case.state), [])
