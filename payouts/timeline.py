"""A payout's steps in plain words: done with their times, and still to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from foundation.bank_files.reasons import Cause
from foundation.figures import figure
from foundation.moments import moment, with_moments
from payouts.methods.fitness import unfit
from payouts.models import Payout, PayoutEvent
from payouts.reading import read

State = Payout.State
ENDED = {State.SETTLED, State.RETURNED, State.CANCELLED}
WAY = (State.REQUESTED, State.READY, State.BATCHED, State.SENT, State.SETTLED)


@dataclass(frozen=True)
class Step:
    """One line of the timeline; `state` is done, now, next or failed."""

    name: str
    state: str
    at: datetime | None = None
    note: str = ""


def steps(payout: Payout) -> list[Step]:
    """Return every step that was made with its time, and those still to come."""
    events = list(payout.events.all())
    return [*_made(payout, events), *_to_come(payout)]


def progress(payout: Payout) -> list[Step]:
    """Return the five main steps of a payout for a line across the page."""
    reached = WAY.index(State(payout.state)) if payout.state in WAY else -1
    names = (_("Asked"), _("Checked"), _("In bank file"), _("Sent"), _("Paid"))
    states = ["done" if i < reached else "now" if i == reached else "next" for i in range(len(WAY))]
    return [Step(name, state) for name, state in zip(names, states, strict=True)]


def in_a_sentence(payout: Payout) -> str:
    """Return where a payout is, in one sentence."""
    return _words(payout, State(payout.state), _last(payout))


def _made(payout: Payout, events: list[PayoutEvent]) -> Iterator[Step]:
    for number, event in enumerate(events, start=1):
        state, last = State(event.state), number == len(events)
        mark = "now" if last and state not in ENDED else "done"
        if state in {State.RETURNED, State.CANCELLED}:
            mark = "failed"
        note = _words(payout, state, event) if last or state in ENDED | {State.REQUESTED} else ""
        name = _name(state, events[: number - 1])
        if state == State.RETURNED and payout.return_cause != Cause.PAYEE:
            name = _("Came back")  # the bank's file does not say that it was the creator's bank
        yield Step(name, mark, event.created_at, note)


def _to_come(payout: Payout) -> Iterator[Step]:
    if payout.state in ENDED:
        return
    for state in WAY[WAY.index(State(payout.state)) + 1 :]:
        yield Step(_name(state, []), "next")


def _name(state: "Payout.State", before: list[PayoutEvent]) -> str:
    if state == State.READY and any(event.state == State.BATCHED for event in before):
        return _("Removed from the bank file")
    return {
        State.REQUESTED: _("Requested"),
        State.READY: _("Checked"),
        State.BATCHED: _("In a bank file"),
        State.SENT: _("Sent"),
        State.SETTLED: _("Paid"),
        State.RETURNED: _("Returned by your bank"),
        State.CANCELLED: _("Cancelled"),
    }[state]


def _words(payout: Payout, state: "Payout.State", event: PayoutEvent | None) -> str:
    if state == State.REQUESTED:
        return _requested(payout)
    if state == State.READY:
        return _ready(payout)
    if state == State.SENT and event:
        said = _("Sent on %(day)s. Banks take one to two days.")
        return with_moments(said, day=moment(event.created_at, "weekday"))
    if state == State.RETURNED and payout.return_cause == Cause.OURS:
        return _("The payment failed on our side, your bank account is fine. We'll send it again.")
    if state == State.RETURNED:
        reason = capfirst(payout.return_reason)
        said = _("%(reason)s. The money is back in your balance.")
        return said % {"reason": reason}
    account = {"account": payout.method.iban_masked}
    return {
        State.BATCHED: _("A second person checks the file before it's sent."),
        State.SETTLED: _("Our bank has paid it to %(account)s.") % account,
        State.CANCELLED: _("Nothing was sent. The diamonds are back in your balance."),
    }.get(state, "")


def _ready(payout: Payout) -> str:
    if payout.method.frozen:
        said = _("You changed your bank account. It will be sent after %(day)s.")
        return with_moments(said, day=moment(payout.method.usable_from))
    return unfit(payout.method) or _("It will go into the next bank file.")


def _requested(payout: Payout) -> str:
    if payout.pays_again_id:
        return _("The returned money, sent again.")
    seen = read(payout)
    said = _("%(diamonds)s diamonds at %(rate)s each, 1 USD = %(fx)s %(currency)s, no fee.") % {
        "diamonds": figure(payout.diamonds),
        "rate": seen.worth.per_diamond.in_full,
        "fx": figure(seen.worth.fx),
        "currency": seen.worth.currency,
    }
    if seen.at_bank is None:
        return said
    theirs = _("Your bank gets %(amount)s: 1 USD = %(fx)s %(currency)s.") % {
        "amount": seen.at_bank,
        "fx": figure(payout.fx_per_usd.normalize()),
        "currency": payout.currency,
    }
    return format_html("{} <span data-detail>{}</span>", said, theirs)


def _last(payout: Payout) -> PayoutEvent | None:
    return payout.events.filter(state=payout.state).last()
