"""The end of a closing: when all refunds have arrived, what is personal goes, and the rows stay."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import suspension
from accounts.models import Creator, SpendingLimit, User
from accounts.pictures.services import forget_pictures
from care.closing.offers import Offer, offer_of, waits_for
from care.closing.services import give_back, key_of
from care.models import Closing
from foundation import due_rows
from live.models import Follow, Guest
from payouts.models import PayoutMethod
from video.replays.services import forget as forget_video
from wallet.coins.locks import lock_coins
from wallet.models import Refund

LEASE = timedelta(minutes=5)
LOOK_AGAIN = timedelta(hours=1)
BATCH = 20


def finish_due() -> int:
    """Close the accounts whose time is over, and return how many were looked at."""
    claimed = due_rows.claim(Closing.objects.under_way(), lease=LEASE, most=BATCH)
    for closing in claimed:
        try:
            finish(closing)
        except Exception as trouble:
            due_rows.put_off(closing, f"Closing {closing.pk}", trouble)
    return len(claimed)


@transaction.atomic(durable=True)
def finish(closing: Closing) -> bool:
    """Close one account, if nothing is left to wait for; its owner may have kept it meanwhile."""
    user = User.objects.select_for_update(no_key=True).get(pk=closing.user_id)
    closing = Closing.objects.select_for_update().get(pk=closing.pk)
    if closing.undone_at or closing.closed_at or closing.closes_at > timezone.now():
        return False
    list(user.purchases.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    lock_coins(user.pk)
    offer = offer_of(user)
    if waits_for(user):
        return _later(closing, "")
    if why := _in_the_way(closing, offer):
        return _later(closing, why)
    if offer.returned:  # paid for in the last moment
        give_back(closing, offer.returned)
        return _later(closing, "")
    closing.coins_given_up, closing.bonus_given_up = offer.coins, offer.bonus
    closing.diamonds_given_up, closing.closed_at = offer.diamonds, timezone.now()
    closing.due_at, closing.needs_attention = None, ""
    closing.save()
    forget(user)
    return True


def _in_the_way(closing: Closing, offer: Offer) -> str:
    keys = [key_of(closing, order.purchase.pk) for order in offer.returned]
    if Refund.objects.filter(key__in=keys, state=Refund.State.FAILED).exists():
        return _("A refund failed. Give the money back in another way; then the account closes.")
    if offer.loses and not closing.gives_up:
        return _("Something came in that its owner has not given up. Ask them.")
    return ""


def _later(closing: Closing, why: str) -> bool:
    Closing.objects.filter(pk=closing.pk).update(due_at=Now() + LOOK_AGAIN, needs_attention=why)
    return False


def forget(user: User) -> None:
    """Take out of an account what says who it was. Rows of money, documents and the handle stay.

    The name of the account is nobody's for ever: what it wrote and sent keeps standing under it.
    """
    suspension.suspend(user)
    user.refresh_from_db()
    user.email = f"closed-{user.public_id.hex}@closed.invalid"
    user.display_name, user.date_of_birth = "", None
    user.monthly_email, user.private_supporter, user.is_active = False, True, False
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    SpendingLimit.objects.filter(user=user).delete()
    Follow.objects.filter(user=user).delete()
    Follow.objects.filter(creator=user).delete()
    Guest.objects.filter(user=user).update(name="")
    forget_pictures(user)
    forget_video(user)
    Creator.objects.filter(user=user).update(bio="", avatar="", accepts_gifts=False)
    # Bank details of payouts that were made stay with them, as books must be kept.
    PayoutMethod.objects.filter(creator=user, payouts=None).delete()
    PayoutMethod.objects.in_use().filter(creator=user).update(
        removed_at=Now(), auto_weekly=False, next_auto_at=None
    )
