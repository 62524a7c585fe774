"""An order told in steps: what happened and when, what happens now, what comes next."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from foundation.figures import figure
from wallet.models import (
    BonusLot,
    Dispute,
    DisputeStep,
    Purchase,
    PurchaseBonus,
    PurchaseEvent,
    Refund,
)
from wallet.providers.base import Instructions
from wallet.purchases import by_transfer
from wallet.refunds.unused import returnable

State = Purchase.State


@dataclass(frozen=True)
class Step:
    """One line of the timeline. `state` is done, now, next or failed."""

    name: StrOrPromise
    state: str
    at: datetime | None = None
    note: StrOrPromise = ""


# What the person reads at the top, and beneath it: title, sentence.
WORDS: dict[State, tuple[StrOrPromise, StrOrPromise]] = {
    State.CREATED: (
        gettext_lazy("Order placed"),
        gettext_lazy("Pay to get your coins. You haven't been charged yet."),
    ),
    State.STARTED: (
        gettext_lazy("Waiting for your payment"),
        gettext_lazy("Finish paying on the payment page. This page updates automatically."),
    ),
    State.AUTHENTICATING: (
        gettext_lazy("Confirm with your bank"),
        gettext_lazy("Your bank wants to check that it's you. Confirm on the payment page."),
    ),
    State.PENDING: (
        gettext_lazy("Your payment is on its way"),
        gettext_lazy(
            "Some banks take a while. You can leave this page; your coins will be added "
            "automatically."
        ),
    ),
    State.PAID: (gettext_lazy("Your coins are here"), gettext_lazy("They never expire.")),
    State.DECLINED: (
        gettext_lazy("Payment declined"),
        gettext_lazy(
            "Your bank declined the payment. You were not charged. Try another way to pay."
        ),
    ),
    State.EXPIRED: (
        gettext_lazy("This order wasn't paid"),
        gettext_lazy("It expired after a day. You were not charged."),
    ),
    State.CANCELLED: (
        gettext_lazy("Order cancelled"),
        gettext_lazy("You cancelled this order. You were not charged."),
    ),
    State.REVIEW: (
        gettext_lazy("We're reviewing it"),
        gettext_lazy(
            "The payment doesn't match your order. We're checking it, and you won't lose anything."
        ),
    ),
}
# The same of an order that auto top-up placed: nobody pays it by hand.
CHARGING = (
    gettext_lazy("Auto top-up"),
    gettext_lazy("Your saved card is being charged. This page updates automatically."),
)
TOPPED_UP: dict[State, tuple[StrOrPromise, StrOrPromise]] = {
    State.CREATED: CHARGING,
    State.STARTED: CHARGING,
    State.DECLINED: (
        gettext_lazy("Payment declined"),
        gettext_lazy("Auto top-up is off, and you were not charged. Buy coins when you like."),
    ),
    State.CANCELLED: (
        gettext_lazy("Order cancelled"),
        gettext_lazy("Auto top-up is off, and you were not charged. Buy coins when you like."),
    ),
}
# A rule against fraud holds it: the money is here, the coins wait for a person.
HELD = (
    gettext_lazy("Paid, in review"),
    gettext_lazy(
        "Your payment has arrived. A person checks this order before we add the coins. You get "
        "the coins or your money back, and you don't need to do anything. We tell you by email."
    ),
)
# The order has not caught up with the provider yet.
ARRIVING = (
    gettext_lazy("Payment received"),
    gettext_lazy("Your bank said yes. We're adding your coins."),
)
REFUNDING = (
    gettext_lazy("Your refund is on its way"),
    gettext_lazy("It goes back to how you paid. Banks take up to 10 days to show it."),
)
# A prepaid card takes no money back.
REFUNDING_CARD = (
    gettext_lazy("Your refund is on its way"),
    gettext_lazy("We transfer it to the bank account that you named. Its coins are on hold."),
)
REFUNDED_CARD = gettext_lazy("The money was transferred to the bank account that you named.")
REFUNDED = (
    gettext_lazy("Refunded"),
    gettext_lazy("The money went back to how you paid. Banks take up to 10 days to show it."),
)
PARTLY_REFUNDED = (
    gettext_lazy("Partly refunded"),
    gettext_lazy("The money went back to how you paid. The other coins are yours."),
)
UNKNOWN = (
    gettext_lazy("We're checking your payment"),
    gettext_lazy(
        "The payment service isn't responding. If you paid, your coins will be added automatically."
    ),
)
LABELS: dict[State, StrOrPromise] = {
    State.CREATED: gettext_lazy("Order placed"),
    State.STARTED: gettext_lazy("Payment page opened"),
    State.AUTHENTICATING: gettext_lazy("Your bank asked you to confirm"),
    State.PENDING: gettext_lazy("Payment on its way"),
    State.PAID: gettext_lazy("Paid"),
    State.DECLINED: gettext_lazy("Declined by your bank"),
    State.EXPIRED: gettext_lazy("Expired without payment"),
    State.CANCELLED: gettext_lazy("Cancelled by you"),
    State.REVIEW: gettext_lazy("Sent for manual review"),
}
# Once paid, a dispute may have the last word.
DISPUTED: dict[Dispute.State, tuple[StrOrPromise, StrOrPromise]] = {
    Dispute.State.NEEDS_RESPONSE: (
        gettext_lazy("Your bank is deciding"),
        gettext_lazy(
            "You asked your bank to take this payment back. Its unspent coins are on hold, and you "
            "can't buy more until your bank has decided. If that was a mistake, ask your bank to "
            "withdraw it."
        ),
    ),
    Dispute.State.LOST: (
        gettext_lazy("Your bank took the payment back"),
        gettext_lazy("You have the money, so the coins left from this order are gone."),
    ),
}
DISPUTED[Dispute.State.UNDER_REVIEW] = DISPUTED[Dispute.State.NEEDS_RESPONSE]
# The steps of an order that auto top-up placed have other names.
CHARGED: dict[State, StrOrPromise] = {
    State.CREATED: gettext_lazy("Placed by auto top-up"),
    State.STARTED: gettext_lazy("Saved card charged"),
    State.CANCELLED: gettext_lazy("Cancelled before it was charged"),
}
FAILED = {State.DECLINED, State.EXPIRED, State.CANCELLED, State.REVIEW}


def steps(purchase: Purchase, how: Instructions | None = None) -> list[Step]:
    """Return the steps taken, the present one, and those to come; `how` it is paid by transfer."""
    events = list(purchase.events.all())
    told = [_step(purchase, event, last=event is events[-1]) for event in events]
    if how:
        told = _by_transfer(purchase, events, told)
    if is_held(purchase):
        told[-1] = Step(_("Paid; a person checks the order"), "now", events[-1].created_at)
        told.append(Step(_("Coins or money back"), "next"))
    if purchase.state == State.PAID:
        coins = _("%(coins)s coins added to your wallet") % {"coins": figure(purchase.coins)}
        told.append(Step(coins, "done", purchase.captured_at))
        told += _bonus(purchase)
        told += [_refund(each) for each in purchase.refunds.order_by("pk")]
        for dispute in purchase.disputes.order_by("opened_at"):
            told.extend(_of_dispute(dispute))
    elif purchase.is_open:
        told.append(Step(_("Paid"), "next"))
        told.append(Step(_("Coins added to your wallet"), "next"))
    return told


def is_held(purchase: Purchase) -> bool:
    """Return whether the order is paid and its coins wait for the decision of a person."""
    return purchase.state == State.REVIEW and purchase.velocity_hits.holding().exists()


def _bonus(purchase: Purchase) -> list[Step]:
    """Return the line of an order's bonus: that it came, or why it did not."""
    bonus = PurchaseBonus.objects.filter(purchase=purchase).select_related("promotion").first()
    if bonus is None:
        return []
    if bonus.granted_at:
        lot = BonusLot.objects.get(purchase=purchase)
        words = _("%(coins)s bonus coins added, %(name)s")
        note = _("They expire on %(day)s and can't be refunded.") % {
            "day": date_format(lot.expires_at, "j F Y")
        }
        facts = {"coins": figure(bonus.coins), "name": bonus.promotion.name}
        return [Step(words % facts, "done", bonus.granted_at, note)]
    words = _("No bonus: the payment came after the order was given up, and nothing was left")
    return [Step(words, "failed", bonus.lapsed_at)]


def _step(purchase: Purchase, event: PurchaseEvent, *, last: bool) -> Step:
    state = State(event.state)
    how = "failed" if state in FAILED and last else "now" if last and purchase.is_open else "done"
    names = CHARGED if purchase.top_up_id and state in CHARGED else LABELS
    return Step(names[state], how, event.created_at, event.note)


def _by_transfer(purchase: Purchase, events: list[PurchaseEvent], told: list[Step]) -> list[Step]:
    """Return the steps in the words of a transfer, with the money that came and goes back."""
    named = zip(events, told, strict=True)
    words = [
        replace(step, name=by_transfer.LABELS.get(State(event.state), step.name))
        for event, step in named
        if event.state != State.PENDING
    ]
    money = [Step(name, how, at) for name, how, at in by_transfer.steps(purchase)]
    # In the order of their moments; what has none yet stands where it was.
    moved = [step for step in money if step.at]
    words = sorted([*words, *moved], key=lambda step: step.at or timezone.now())
    return words + [step for step in money if not step.at]


# What became of a refund: how its line stands, and its words.
REFUNDS = {
    Refund.State.PROPOSED: (
        "now",
        gettext_lazy("Refund of %(money)s for %(coins)s coins in review"),
    ),
    Refund.State.HELD: ("now", gettext_lazy("Refund of %(money)s for %(coins)s coins requested")),
    Refund.State.SENT: ("now", gettext_lazy("Refund of %(money)s for %(coins)s coins on its way")),
    Refund.State.DONE: ("done", gettext_lazy("%(money)s refunded for %(coins)s coins")),
    Refund.State.FAILED: (
        "failed",
        gettext_lazy("Refund of %(money)s didn't work. Your %(coins)s coins are back."),
    ),
    Refund.State.REJECTED: (
        "failed",
        gettext_lazy("Refund of %(money)s was not approved. Your %(coins)s coins are back."),
    ),
}
WITHOUT_COINS = {
    "now": gettext_lazy("Refund of %(money)s on its way"),
    "done": gettext_lazy("%(money)s refunded"),
    "failed": gettext_lazy("Refund of %(money)s didn't work"),
}


def _refund(refund: Refund) -> Step:
    how, words = REFUNDS[Refund.State(refund.state)]
    words = words if refund.coins else WITHOUT_COINS[how]
    facts = {"money": refund.total, "coins": figure(refund.coins)}
    return Step(words % facts, how, refund.done_at or refund.created_at)


def _returned(purchase: Purchase) -> tuple[StrOrPromise, StrOrPromise] | None:
    """Return title and sentence of a paid order of which money goes back, or nothing."""
    refunds = list(purchase.refunds.all())
    card = purchase.is_prepaid
    if any(refund.state in Refund.UNDER_WAY for refund in refunds):
        return REFUNDING_CARD if card else REFUNDING
    if any(refund.state == Refund.State.DONE for refund in refunds):
        title, words = REFUNDED if purchase.returned_coins == purchase.coins else PARTLY_REFUNDED
        return title, REFUNDED_CARD if card else words
    return None


def _of_dispute(dispute: Dispute) -> list[Step]:
    """Return what became of a payment that the fan asked their bank to take back."""
    amount = {"money": dispute.amount}
    told = [Step(_("You asked your bank for %(money)s back") % amount, "done", dispute.opened_at)]
    for step in dispute.steps.all():
        coins = {"coins": figure(step.coins)}
        if step.kind == DisputeStep.Kind.HELD:
            told.append(Step(_("%(coins)s coins on hold") % coins, "done", step.created_at))
        elif step.kind == DisputeStep.Kind.WON:
            note = _("%(coins)s coins are yours again") % coins if step.coins else ""
            told.append(Step(_("Payment stays"), "done", step.created_at, note))
        elif step.kind == DisputeStep.Kind.LOST:
            note = _("%(coins)s coins taken back") % coins if step.coins else ""
            told.append(
                Step(_("%(money)s is back with you") % amount, "done", step.created_at, note)
            )
    if dispute.is_open:
        told.append(Step(_("Your bank decides"), "now"))
    return told


def _disputed(purchase: Purchase) -> Dispute | None:
    """Return the dispute that an order's page speaks of: an open one, or else one that was lost."""
    disputes = purchase.disputes.exclude(state=Dispute.State.WON)
    return disputes.order_by("-decided_at").first()  # no moment comes first


def story(purchase: Purchase, known: State | None = None) -> dict[str, Any]:
    """Return what the order page shows.

    `known` is where the provider says that the payment stands, when that is further than the
    order. `None` for an order whose payment was started: the provider did not say.
    """
    state = State(purchase.state)
    ahead = purchase.is_open and state not in {State.CREATED, known}
    title, sentence = WORDS[state]
    if purchase.top_up_id and state in TOPPED_UP:
        title, sentence = TOPPED_UP[state]
    how = by_transfer.instructions_of(purchase)
    if ahead:
        title, sentence = ARRIVING if known == State.PAID else WORDS[known] if known else UNKNOWN
    if how and not (ahead and known == State.PAID):
        title, sentence = by_transfer.words(purchase, how) or (title, sentence)
    disputed = _disputed(purchase)
    held = is_held(purchase)
    if held:
        title, sentence = HELD
    if state == State.PAID:
        title, sentence = _returned(purchase) or (title, sentence)
    if disputed is not None:
        title, sentence = DISPUTED[Dispute.State(disputed.state)]
    return {
        "purchase": purchase,
        "returnable": returnable(purchase) if state == State.PAID and not disputed else None,
        "disputed": disputed,
        "steps": steps(purchase, how),
        "moved": by_transfer.moved(purchase) if how and purchase.is_open else "",
        "transfer": how if purchase.is_open and known != State.PAID else None,
        "sandbox_bank": settings.SANDBOX and how is not None,
        "title": title,
        "sentence": sentence,
        "paid": purchase.state == State.PAID,
        "held": held,
        "known": known or "",
        "ahead": ahead and known is not None,
        "can_pay": state in Purchase.UNPAID
        and not purchase.top_up_id
        and (not ahead or known in Purchase.UNPAID),
        "can_retry": purchase.state in {State.DECLINED, State.EXPIRED, State.CANCELLED},
    }
