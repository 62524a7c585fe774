"""Turning auto top-up off: by the fan, by staff, or because of what happened. The card goes too."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.jobs import nudge
from wallet.models import SavedMethod, TopUp, TopUpEmail

Reason = TopUp.Reason
LONGEST_NOTE = 300
# The fan knows: they did it a moment ago.
NOT_TOLD = {Reason.FAN, Reason.CHANGED, Reason.NOT_SAVED}


@transaction.atomic
def turn_off(*, top_up: TopUp, reason: Reason, note: str = "", by: User | None = None) -> TopUp:
    """End an agreement; again changes nothing. Its card is removed at the provider soon after.

    `by` is the member of staff who did it. The fan is told by email of all they did not do.
    """
    locked = TopUp.objects.select_for_update(no_key=True).get(pk=top_up.pk)
    if locked.state == TopUp.State.OFF:
        return locked
    locked.move(
        TopUp.State.OFF,
        off_at=Now(),
        off_reason=reason,
        off_note=note[:LONGEST_NOTE],
        off_by=by,
    )
    if reason != Reason.CHANGED:
        saved = SavedMethod.objects.filter(pk=locked.saved_method_id)
        saved.filter(state=SavedMethod.State.SAVED).update(
            state=SavedMethod.State.REMOVING, due_at=Now(), attempts=0
        )
    if reason not in NOT_TOLD:
        TopUpEmail.objects.get_or_create(top_up=locked, purchase=None, defaults={"due_at": Now()})
        nudge("wallet.tasks.email_top_ups")
    nudge("wallet.tasks.sweep")
    return locked


def turn_off_of(user: User) -> None:
    """Turn off what a fan agreed to, as they ask. It needs no second look."""
    for top_up in user.top_ups.exclude(state=TopUp.State.OFF):
        turn_off(top_up=top_up, reason=Reason.FAN)


def why(top_up: TopUp) -> str:
    """Return in a sentence with a next step why it is off; nothing where the fan knows."""
    said = {
        Reason.STAFF: _("We turned it off. Contact us if you want to know more."),
        Reason.DECLINED: _(
            "Your bank declined the payment, and you were not charged. To go on, buy coins with "
            "another card, or turn auto top-up on with one."
        ),
        Reason.AUTHENTICATION: _(
            "Your bank wants you to confirm each payment, and you were not charged. Buy coins "
            "yourself and confirm the payment there."
        ),
        Reason.REFUNDED: _(
            "You asked for money back, so nothing is bought by itself. Turn it on again if you "
            "like."
        ),
        Reason.STOPPED: _("An order was not completed. Your orders show where it stands."),
    }
    if top_up.off_reason == Reason.REFUSED:
        return top_up.off_note
    return said.get(Reason(top_up.off_reason), "") if top_up.off_reason else ""
