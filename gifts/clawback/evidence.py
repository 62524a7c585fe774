"""What the buyer did with the coins, for their bank: the gifts, seen by a room at a moment."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from foundation.figures import figure
from gifts.clawback.window import paid_gifts
from gifts.models import SentGift
from wallet.evidence.payment import moment
from wallet.evidence.sections import MOST_ROWS, Section
from wallet.models import Dispute


def sections(dispute: Dispute) -> Iterator[Section]:
    """Yield the gifts that this payment's coins paid for, the newest first."""
    paid = paid_gifts(dispute.purchase)
    newest = SentGift.objects.select_related("gift", "stream__creator", "creator").order_by("-pk")
    rows = [_row(sent, paid[sent.pk]) for sent in newest.filter(pk__in=paid)[:MOST_ROWS]]
    left_out = len(paid) - len(rows)
    note = _("%(count)s older gifts are left out.") % {"count": figure(left_out)}
    yield Section(
        _("Gifts sent with the coins of this payment, shown in the room"),
        heads=(_("Sent"), _("Gift"), _("Room"), _("Coins")),
        rows=tuple(rows),
        note=note if left_out else "" if rows else _("None of the coins were sent."),
        log=True,
    )


def _row(sent: SentGift, coins: int) -> tuple[str, str, str, str]:
    gift = f"{sent.quantity} × {sent.gift.name}" if sent.quantity > 1 else sent.gift.name
    return (moment(sent.created_at), gift, _room(sent), figure(coins))


def _room(sent: SentGift) -> str:
    """Return where everybody saw the gift: live or on the replay, and which guest got it."""
    facts = {"room": f"{sent.stream.title} (@{sent.stream.creator.handle})"}
    room = _("%(room)s, replay") % facts if sent.moment else facts["room"]
    if not sent.to_guest:
        return room
    return _("%(room)s, to the guest @%(guest)s") % {"room": room, "guest": sent.creator.handle}
