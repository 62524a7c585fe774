"""The refusals of sending, undoing and thanking."""

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from accounts import ages, pauses
from foundation.errors import DomainError
from live.chat import words
from live.streams import adults


class GiftRefused(DomainError):
    """A gift that was not sent; nothing was taken."""

    code = "gift_refused"
    message = _(
        "We couldn't send this gift. You were not charged any coins. Try again in a minute."
    )


class InsufficientCoins(GiftRefused):
    """The fan holds fewer coins than the gift needs."""

    code = "insufficient_coins"
    message = _("You have %(balance)s coins. This gift needs %(needed)s.")


class GiftRetired(GiftRefused):
    """Staff took the gift from the catalogue."""

    code = "gift_retired"
    status = 410
    message = _("%(gift)s is no longer available. Choose another gift.")
    field = "gift"


class GiftNotYet(GiftRefused):
    """The gift's first day is to come."""

    code = "gift_not_yet"
    message = _("You can send %(gift)s from %(since)s. Until then, choose another gift.")
    field = "gift"


class GiftNotHere(GiftRefused):
    """The gift is for fans in other countries."""

    code = "gift_not_here"
    message = _("%(gift)s isn't available where you live. Choose another gift.")
    field = "gift"


class LevelTooLow(GiftRefused):
    """The gift opens with coins sent so far."""

    code = "level_too_low"
    message = _(
        "%(gift)s unlocks at supporter level %(level)s, after %(needed)s coins sent. You have "
        "sent %(sent)s. Until then, choose another gift."
    )
    field = "gift"


class ClubOnly(GiftRefused):
    """The gift is for fans who sent this creator a gift lately."""

    code = "club_only"
    message = _(
        "%(gift)s is only for the creator's club. Send a gift of %(coins)s coins or more to "
        "unlock it for %(days)s days."
    )
    field = "gift"


class MessageTooLong(GiftRefused):
    """The message is longer than this gift carries."""

    code = "message_too_long"
    status = 422
    message = _(
        "Your message is %(length)s characters long. The limit for %(gift)s is %(most)s. Shorten "
        "it."
    )
    field = "message"


class NoMessage(MessageTooLong):
    """This gift carries no message."""

    message = _("You can't add a message to %(gift)s. Remove the message and try again.")


class MessagesOff(GiftRefused):
    """The creator accepts no messages with gifts."""

    code = "messages_off"
    status = 422
    message = _(
        "This creator doesn't accept messages with gifts. Remove the message and try again."
    )
    field = "message"


class MessageFiltered(words.Filtered, GiftRefused):
    """A word of the message is on a list."""

    message = _(
        "Your message contains a blocked word. You were not charged any coins. Change it and send "
        "again."
    )
    field = "message"


class MessageLink(words.LinkRefused, GiftRefused):
    """The message leads somewhere else."""

    message = _(
        "Links aren't allowed in messages. You were not charged any coins. Remove the link and "
        "send again."
    )
    field = "message"


class UnknownGift(GiftRefused):
    """This gift doesn't exist. Choose one from the catalogue."""

    code = "unknown_gift"
    status = 404
    message = _("This gift doesn't exist. Choose one from the catalogue.")
    field = "gift"


class StreamEnded(GiftRefused):
    """The stream is not on air."""

    code = "stream_ended"
    status = 410
    message = _("This stream has ended. You were not charged any coins. See who is live now.")


class ReplayClosed(GiftRefused):
    """There is no replay of the stream that takes gifts now."""

    code = "replay_closed"
    status = 410
    message = _(
        "This replay doesn't take gifts now. You were not charged any coins. See who is live now."
    )


class GuestGone(GiftRefused):
    """The receiver is no guest of the stream now."""

    code = "guest_gone"
    status = 410
    message = _(
        "This guest isn't in the stream any more. You were not charged any coins. Choose who gets "
        "your gift."
    )
    field = "to"


class NotOnAirYet(GiftRefused):
    """The stream is announced only."""

    code = "not_on_air_yet"
    message = _(
        "This stream hasn't started yet. You were not charged any coins. Come back when it starts."
    )


class GiftToSelf(GiftRefused):
    """A creator's own stream."""

    code = "gift_to_self"
    message = _("You can't send gifts to your own stream. Choose somebody else's.")


class GiftsOff(GiftRefused):
    """The creator takes no gifts."""

    code = "gifts_off"
    message = _("This creator isn't accepting gifts right now. You can still watch and chat.")


class Blocked(GiftRefused):
    """The creator blocked this person."""

    code = "blocked"
    status = 403
    message = _(
        "This creator doesn't accept gifts from you. You were not charged any coins. See who else "
        "is live."
    )


class TooYoung(ages.TooYoung, GiftRefused):
    """The fan is under the age from which gifts are allowed where they live."""


class AdultsOnly(adults.AdultsOnly, GiftRefused):
    """The stream is for adults, and the fan is not known to be one."""

    def __init__(self, **_facts: object) -> None:
        super().__init__()


class BadQuantity(GiftRefused):
    """Not a quantity that can be sent."""

    code = "bad_quantity"
    status = 422
    message = _("You can send 1 to %(most)s at a time. Choose another number.")
    field = "quantity"


class BadMessage(GiftRefused):
    """Not a message that can be kept."""

    code = "bad_message"
    status = 422
    message = _("A message can have up to %(most)s characters of text. Shorten it.")
    field = "message"


class ConfirmFirst(GiftRefused):
    """The amount is from the threshold on and was not confirmed."""

    code = "confirm_first"
    message = _("%(gift)s costs %(coins)s coins. Confirm to send it.")
    field = "confirmed"


class OverNewFanLimit(GiftRefused):
    """Above what one gift may be worth in the first days."""

    code = "over_limit"
    message = _(
        "In your first %(days)s days, a gift can be up to %(most)s coins. Choose a smaller one."
    )


class OverSpendingLimit(GiftRefused):
    """Above a limit that the fan set."""

    code = "over_spending_limit"
    message = _("Your spending limit is %(limit)s coins %(span)s. You have sent %(used)s.")


class OverCreatorLimit(OverSpendingLimit):
    """Above a limit that the fan set for this creator."""

    message = _(
        "Your spending limit for this creator is %(limit)s coins %(span)s. You have sent %(used)s."
    )


class SpendingPaused(pauses.SpendingPaused, GiftRefused):
    """The fan paused spending."""


class AccountClosed(GiftRefused):
    """The account cannot act."""

    code = "account_closed"
    status = 403
    message = _("This account is closed. Contact us if you think that's a mistake.")


class UndoTooLate(DomainError):
    """The undo window is over."""

    code = "undo_too_late"
    message = _("It's too late to undo this gift. Contact us if it was sent by mistake.")


class AlreadyUndone(DomainError):
    """The gift was undone, so there is nothing to thank for."""

    code = "already_undone"
    message = _("This gift was undone. Reload the page.")


SPANS = {
    "gift": _("per gift"),
    "day": _("a day"),
    "week": _("a week"),
    "month": _("a month"),
}


def day_of(moment: datetime) -> str:
    """Return a day as sentences name it."""
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT")


REFUSALS: dict[str, type[GiftRefused]] = {
    refusal.code: refusal
    for refusal in (
        InsufficientCoins,
        GiftRetired,
        UnknownGift,
        StreamEnded,
        ReplayClosed,
        GuestGone,
        NotOnAirYet,
        GiftToSelf,
        GiftsOff,
        Blocked,
        TooYoung,
        AdultsOnly,
        BadQuantity,
        ConfirmFirst,
        OverSpendingLimit,
        SpendingPaused,
        AccountClosed,
        GiftNotYet,
        GiftNotHere,
        LevelTooLow,
        ClubOnly,
        MessageTooLong,
        MessageFiltered,
        MessageLink,
    )
} | {
    # The codes of `gifts_send` that differ from those of the API.
    "over_limit_new_fan": OverNewFanLimit,
    "over_creator_limit": OverCreatorLimit,
    "no_message": NoMessage,
    "message_off": MessagesOff,
}
