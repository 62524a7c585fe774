"""What staff decide about a case. Money goes through refunds, and with them gifts go back."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import notes, suspension
from accounts.ages import wait_of
from accounts.approvers import refuse_new
from accounts.models import User
from care.guardians import refusals, sums
from care.guardians.cases import note
from care.models import GuardianCase, GuardianRefund, GuardianStep
from care.models.guardians import LONGEST_ANSWER
from foundation.errors import WrongState
from foundation.jobs import nudge
from foundation.money import Money
from foundation.texts import clean
from wallet.coins.locks import lock_coins
from wallet.models import Purchase, Refund
from wallet.refunds import requests

Kind = GuardianStep.Kind
State = GuardianCase.State
Measure = GuardianCase.Measure
SECOND_RIGHTS = ("care.confirm_guardian",)  # what the second person acts by
REFUND_SWEEP = "wallet.tasks.sweep"


@transaction.atomic
def match(*, case: GuardianCase, account: str, by: User) -> GuardianCase:
    """Say which account a case is about, by its handle or email. Raises `AccountNotFound`,
    `OwnCase`, `WrongState`.
    """
    case = _locked(case)
    if case.state != State.OPEN:
        raise WrongState
    named = account.strip().removeprefix("@")
    found = User.objects.filter(handle__iexact=named) or User.objects.filter(email__iexact=named)
    user = found.first()
    if user is None:
        raise refusals.AccountNotFound
    if user.pk == by.pk:
        raise refusals.OwnCase
    if case.refunds.exists() and case.user_id != user.pk:
        raise WrongState  # money of the first account went back already
    GuardianCase.objects.filter(pk=case.pk).update(user=user)
    case.refresh_from_db()
    return case


@transaction.atomic
def reject(*, case: GuardianCase, answer: str, by: User) -> GuardianCase:
    """Give nothing back, and tell the guardian why. Raises `AnswerMissing`, `OwnCase`,
    `WrongState`.
    """
    case = _locked(case)
    if case.user_id == by.pk:
        raise refusals.OwnCase
    if len(answer) > LONGEST_ANSWER or not (said := clean(answer)):
        raise refusals.AnswerMissing
    case.move(State.REJECTED, answer=said, decided_by=by, decided_at=Now(), needs_attention="")
    note(case, Kind.REJECTED, by=by)
    return case


@transaction.atomic
def grant(
    *,
    case: GuardianCase,
    orders: Mapping[int, str],
    measure: str,
    by: User,
    born: date | None = None,
    answer: str = "",
) -> GuardianCase:
    """Give money back: of each order, by its id, `unused` coins, `recent` gifts too, or `all`.

    The refunds, the account's measure and the case's step are written together or not at all. If
    all of it together is above what one person may refund, another one must confirm it. Raises
    `AccountMissing`, `OwnCase`, `NothingDecided`, `OrderNotTheirs`, `BirthMissing`, `NotAChild`,
    `WrongState`.
    """
    case = _locked(case)
    chosen = {pk: choice for pk, choice in orders.items() if choice}
    if case.state != State.OPEN:
        raise WrongState
    user = _account_of(case, by)
    if not chosen:
        raise refusals.NothingDecided
    if len(answer) > LONGEST_ANSWER:
        raise refusals.AnswerMissing
    parts = _parts(user, chosen)
    second = requests.above_alone(amount for _part, _coins, amount in parts)
    case.rounds += 1
    for purchase, coins, _amount in parts:
        refund = requests.take_back(
            purchase=purchase,
            key=_key(case, purchase.pk),
            gift_coins=coins,
            by=by,
            note=_("Case %(number)s of a guardian") % {"number": case.number},
            needs_second=second,
        )
        GuardianRefund.objects.create(case=case, refund=refund)
    _act(case, user, measure=measure, born=born, by=by)
    case.move(
        State.CHECKING if second else State.GRANTED,
        rounds=case.rounds,
        measure=measure,
        answer=clean(answer),
        decided_by=by,
        decided_at=Now(),
        needs_attention="",
    )
    if not second:
        note(case, Kind.GRANTED, by=by)
    nudge(REFUND_SWEEP)
    return case


@transaction.atomic
def confirm(*, case: GuardianCase, by: User) -> GuardianCase:
    """Let all refunds of a case go that another person proposed. Raises `WrongState`, `OwnCase`,
    `OwnRefund`, `ApproverTooNew`.
    """
    case = _locked(case)
    if case.state != State.CHECKING:
        raise WrongState
    if case.user_id == by.pk:
        raise refusals.OwnCase
    refuse_new(by, rights=SECOND_RIGHTS, since=case.decided_at or case.created_at)
    for refund in _proposed(case):
        requests.confirm(refund=refund, by=by)
    nudge(REFUND_SWEEP)
    return follow(case)


@transaction.atomic
def turn_down(*, case: GuardianCase, by: User) -> GuardianCase:
    """Reject what another person proposed; the case is open again. Raises `WrongState`."""
    case = _locked(case)
    if case.state != State.CHECKING:
        raise WrongState
    for refund in _proposed(case):
        requests.reject(refund=refund, by=by)
    return follow(case)


@transaction.atomic
def follow(case: GuardianCase) -> GuardianCase:
    """Bring a case to where its refunds stand: confirmed, arrived, or to be decided anew."""
    case = _locked(case)
    refunds = [row.refund for row in case.refunds.select_related("refund__replaced_by")]
    states = [Refund.State(refund.state) for refund in refunds]
    if case.state == State.CHECKING and Refund.State.PROPOSED not in states:
        _confirmed(case, refunds)
    if case.state == State.GRANTED and not Refund.UNDER_WAY & set(states):
        _arrived(case, refunds)
    elif case.state == State.OPEN and _given_by_hand(case, refunds):
        case.move(State.SETTLED, needs_attention="")
        note(case, Kind.SETTLED)
    elif case.state == State.SETTLED and _failed(case, refunds):
        _stuck(case)  # a bank sent the money back days later
    return case


def _confirmed(case: GuardianCase, refunds: list[Refund]) -> None:
    """The second person has decided about all of this round."""
    if all(refund.state == Refund.State.REJECTED for refund in _newest(case, refunds)):
        why = _("A second person did not confirm the refunds. Decide the case again.")
        case.move(State.OPEN, needs_attention=why)
        return
    case.move(State.GRANTED)
    note(case, Kind.GRANTED, by=case.decided_by)


def _arrived(case: GuardianCase, refunds: list[Refund]) -> None:
    """All of this round has ended: well, or some of it is to be decided anew."""
    if _failed(case, refunds):
        _stuck(case)
        return
    case.move(State.SETTLED)
    note(case, Kind.SETTLED)


def _stuck(case: GuardianCase) -> None:
    why = _("The payment service refused a refund. Decide again: the money is still owed.")
    case.move(State.OPEN, needs_attention=why)
    note(case, Kind.STUCK)


def _failed(case: GuardianCase, refunds: list[Refund]) -> bool:
    """Return whether money of the last decision is still owed."""
    return any(
        refund.state == Refund.State.FAILED and not _by_hand(refund)
        for refund in _newest(case, refunds)
    )


def _given_by_hand(case: GuardianCase, refunds: list[Refund]) -> bool:
    """Return whether all that failed of the last decision went back by hand."""
    failed = [one for one in _newest(case, refunds) if one.state == Refund.State.FAILED]
    return bool(failed) and all(map(_by_hand, failed))


def _by_hand(refund: Refund) -> bool:
    stands = getattr(refund, "replaced_by", None)
    return stands is not None and stands.state == Refund.State.DONE


def _newest(case: GuardianCase, refunds: list[Refund]) -> list[Refund]:
    """Return the refunds that were decided last; earlier rounds have had their end."""
    return [refund for refund in refunds if refund.key == _key(case, refund.purchase_id)]


def _key(case: GuardianCase, purchase_id: int) -> UUID:
    """Return the key of a case's refund of an order: one in each round of deciding."""
    return uuid5(case.public_id, f"{case.rounds}:{purchase_id}")


def _locked(case: GuardianCase) -> GuardianCase:
    return GuardianCase.objects.select_for_update(of=("self",)).get(pk=case.pk)


def _proposed(case: GuardianCase) -> list[Refund]:
    waiting = Refund.objects.filter(guardian__case=case, state=Refund.State.PROPOSED)
    return list(waiting.order_by("pk"))


def _account_of(case: GuardianCase, by: User) -> User:
    if case.user is None:
        raise refusals.AccountMissing
    if case.user_id == by.pk:
        raise refusals.OwnCase
    return case.user


def _parts(user: User, chosen: Mapping[int, str]) -> list[tuple[Purchase, int, Money]]:
    """Return what goes back of which order, with all of them locked in one order."""
    mine = user.purchases.filter(pk__in=chosen, state=Purchase.State.PAID).order_by("pk")
    purchases = list(mine.select_for_update(no_key=True, of=("self",)))
    if len(purchases) != len(chosen):
        raise refusals.OrderNotTheirs
    lock_coins(user.pk)
    parts = []
    for purchase in purchases:
        worth = sums.of_order(purchase)
        choice = chosen[purchase.pk]
        amount = worth.worth(choice)
        if amount.amount:
            parts.append((purchase, worth.gift_coins_of(choice), amount))
    if not parts:
        raise refusals.NothingDecided
    return parts


def _act(case: GuardianCase, user: User, *, measure: str, born: date | None, by: User) -> None:
    """Do what is decided about the account, and leave a note of it."""
    if measure == Measure.NONE:
        return
    if measure == Measure.AGE:
        if born is None:
            raise refusals.BirthMissing
        if user.country and wait_of(country=user.country, born=born) is None:
            raise refusals.NotAChild
        User.objects.filter(pk=user.pk).update(date_of_birth=born)
    else:
        suspension.suspend(user)
    facts = {"number": case.number, "what": Measure(measure).label}
    notes.write_note(about=user, by=by, text=_("Case %(number)s: %(what)s") % facts)
