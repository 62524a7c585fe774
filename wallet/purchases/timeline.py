"""An order told in steps: what happened and when, what happens now, what comes next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from wallet.models import Purchase, PurchaseEvent

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
        gettext_lazy("Your bank declined the payment. You were not charged. Try another card."),
    ),
    State.EXPIRED: (
        gettext_lazy("This order wasn't paid"),
        gettext_lazy("It expired after a day. You were not charged."),
    ),
    State.REVIEW: (
        gettext_lazy("We're reviewing it"),
        gettext_lazy(
            "The payment doesn't match your order. We're checking it, and you won't lose anything."
        ),
    ),
}
LABELS = {
    State.CREATED: gettext_lazy("Order placed"),
    State.STARTED: gettext_lazy("Payment page opened"),
    State.AUTHENTICATING: gettext_lazy("Your bank asked you to confirm"),
    State.PENDING: gettext_lazy("Payment on its way"),
    State.PAID: gettext_lazy("Paid"),
    State.DECLINED: gettext_lazy("Declined by your bank"),
    State.EXPIRED: gettext_lazy("Expired without payment"),
    State.REVIEW: gettext_lazy("Sent for manual review"),
}
FAILED = {State.DECLINED, State.EXPIRED, State.REVIEW}


def steps(purchase: Purchase) -> list[Step]:
    """Return the steps taken, the present one, and those to come."""
    events = list(purchase.events.all())
    told = [_step(event, last=event is events[-1], still_open=purchase.is_open) for event in events]
    if purchase.state == State.PAID:
        coins = _("%(coins)s coins added to your wallet") % {"coins": f"{purchase.coins:,}"}
        told.append(Step(coins, "done", purchase.captured_at))
    elif purchase.is_open:
        told.append(Step(_("Paid"), "next"))
        told.append(Step(_("Coins added to your wallet"), "next"))
    return told


def _step(event: PurchaseEvent, *, last: bool, still_open: bool) -> Step:
    state = State(event.state)
    how = "failed" if state in FAILED and last else "now" if last and still_open else "done"
    return Step(LABELS[state], how, event.created_at, event.note)


def story(purchase: Purchase) -> dict[str, Any]:
    """Return what the order page shows."""
    title, sentence = WORDS[State(purchase.state)]
    return {
        "purchase": purchase,
        "steps": steps(purchase),
        "title": title,
        "sentence": sentence,
        "paid": purchase.state == State.PAID,
        "can_pay": purchase.state in {State.CREATED, State.STARTED, State.AUTHENTICATING},
        "can_retry": purchase.state in {State.DECLINED, State.EXPIRED},
    }
