"""What staff should look into about a paid order: the words stay until somebody has."""

from django.db.models.functions import Now

from accounts.models import User
from foundation.errors import WrongState
from wallet.models import Purchase


def mark_seen(*, purchase: Purchase, words: str, by: User) -> None:
    """Keep that a member of staff looked into these words about an order, and when.

    Raises `WrongState` when the order says something else by now, or was marked already.
    """
    waiting = Purchase.objects.unseen().filter(pk=purchase.pk, needs_attention=words)
    if not waiting.update(attention_seen=words, attention_seen_by=by, attention_seen_at=Now()):
        raise WrongState
