"""Ending every way into an account: for one that staff suspend, or whose owner closes it."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import User
from accounts.models.sessions import Session


@transaction.atomic
def sign_out_everywhere(user: User) -> None:
    """End all sessions of a person and take the keys to the API away."""
    Session.objects.filter(user=user).delete()
    UserSession.objects.filter(user=user).delete()
    user.revoke_api_keys()


@transaction.atomic
def suspend(user: User) -> None:
    """Let nobody sign in to an account any more. Its rows stay; staff can undo it."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    sign_out_everywhere(user)
