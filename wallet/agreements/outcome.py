"""What became of an order that auto top-up placed: the fan is told, or it goes off."""

from django.db.models.functions import Now

from foundation.jobs import nudge
from wallet.agreements.turning_off import turn_off
from wallet.models import Purchase, TopUp, TopUpEmail

State = Purchase.State
ENDED = {State.DECLINED, State.EXPIRED, State.CANCELLED, State.REVIEW}


def note(purchase: Purchase, *, asks_payer: bool = False) -> None:
    """Tell of a paid order, and end the agreement of one that was not paid; again is the same.

    In the transaction that moved the order. `asks_payer`: the bank wants the payer to confirm.
    """
    if purchase.top_up is None:
        return
    if purchase.state == State.PAID:
        TopUpEmail.objects.get_or_create(
            purchase=purchase, defaults={"top_up": purchase.top_up, "due_at": Now()}
        )
        nudge("wallet.tasks.email_top_ups")
    elif purchase.state in ENDED:
        reason = TopUp.Reason.STOPPED
        if purchase.state == State.DECLINED:
            reason = TopUp.Reason.AUTHENTICATION if asks_payer else TopUp.Reason.DECLINED
        turn_off(top_up=purchase.top_up, reason=reason)
