"""Why a gift was not sent, taken back or thanked for."""

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from accounts import ages
from foundation.errors import DomainError
from live import words


class GiftRefused(DomainError):
    """A gift that was not sent; nothing was taken."""

    code = "gift_refused"
    message = _("This gift could not be sent. Nothing was taken from your coins.")


class InsufficientCoins(GiftRefused):
    """The fan holds fewer coins than the gift needs."""

    code = "insufficient_coins"
    message = _("You have %(balance)s coins. This gift needs %(needed)s.")


class GiftRetired(GiftRefused):
    """Staff took the gift from the catalogue."""

    code = "gift_retired"
    status = 410
    message = _("%(gift)s is no longer available.")
    field = "gift"


class GiftNotYet(GiftRefused):
    """The gift's first day is to come."""

    code = "gift_not_yet"
    message = _("%(gift)s can be sent from %(since)s.")
    field = "gift"


class GiftNotHere(GiftRefused):
    """The gift is for fans who live elsewhere."""

    code = "gift_not_here"
    message = _("%(gift)s is not offered where you live.")
    field = "gift"


class LevelTooLow(GiftRefused):
    """The gift opens with coins sent so far."""

    code = "level_too_low"
    message = _(
        "%(gift)s opens at supporter level %(level)s, with %(needed)s coins sent."
        " You have sent %(sent)s."
    )
    field = "gift"


class ClubOnly(GiftRefused):
    """The gift is for who sent this creator something lately."""

    code = "club_only"
    message = _(
        "%(gift)s is for the creator's club. Send a gift of %(coins)s coins or more, and it opens"
        " for %(days)s days."
    )
    field = "gift"


class MessageTooLong(GiftRefused):
    """More words than this gift carries."""

    code = "message_too_long"
    status = 422
    message = _("Your message has %(length)s characters. With %(gift)s it can have %(most)s.")
    field = "message"


class NoMessage(MessageTooLong):
    """This gift carries no words."""

    message = _("%(gift)s carries no message. Take the words out and send it again.")


class MessagesOff(GiftRefused):
    """The creator takes gifts without words."""

    code = "messages_off"
    status = 422
    message = _("This creator takes gifts without words. Take them out and send it again.")
    field = "message"


class MessageFiltered(words.Filtered, GiftRefused):
    """A word of the message is on a list."""

    message = _("Your message has a word that is not used here. Nothing was taken from your coins.")
    field = "message"


class MessageLink(words.LinkRefused, GiftRefused):
    """The message leads somewhere else."""

    message = _("A message cannot hold a link. Nothing was taken from your coins.")
    field = "message"


class UnknownGift(GiftRefused):
    """There is no such gift."""

    code = "unknown_gift"
    status = 404
    message = _("There is no such gift.")
    field = "gift"


class StreamEnded(GiftRefused):
    """The stream is not on air."""

    code = "stream_ended"
    status = 410
    message = _("This stream has ended. Nothing was taken from your coins.")


class NotOnAirYet(GiftRefused):
    """The stream is announced only."""

    code = "not_on_air_yet"
    message = _("This stream has not begun yet. Nothing was taken from your coins.")


class GiftToSelf(GiftRefused):
    """A creator's own stream."""

    code = "gift_to_self"
    message = _("This is your own stream. Gifts come from others.")


class GiftsOff(GiftRefused):
    """The creator takes no gifts."""

    code = "gifts_off"
    message = _("This creator takes no gifts right now.")


class Blocked(GiftRefused):
    """The creator keeps this person out."""

    code = "blocked"
    status = 403
    message = _("This creator takes no gifts from you. Nothing was taken from your coins.")


class TooYoung(ages.TooYoung, GiftRefused):
    """The fan is under the age from which gifts are allowed where they live."""


class BadQuantity(GiftRefused):
    """Not a quantity that can be sent."""

    code = "bad_quantity"
    status = 422
    message = _("Send between 1 and %(most)s at once.")
    field = "quantity"


class BadMessage(GiftRefused):
    """Not a message that can be kept."""

    code = "bad_message"
    status = 422
    message = _("A message is up to %(most)s characters of text.")
    field = "message"


class ConfirmFirst(GiftRefused):
    """The amount is from the threshold on and was not confirmed."""

    code = "confirm_first"
    message = _("%(gift)s costs %(coins)s coins. Confirm to send it.")
    field = "confirmed"


class OverNewFanLimit(GiftRefused):
    """Above what one gift may be worth in the first days."""

    code = "over_limit"
    message = _("In your first %(days)s days one gift can be up to %(most)s coins.")


class OverOwnLimit(GiftRefused):
    """Above a limit that the fan set."""

    code = "over_own_limit"
    message = _("Your own limit is %(limit)s coins %(span)s. You have sent %(used)s.")


class AccountClosed(GiftRefused):
    """The account cannot act."""

    code = "account_closed"
    status = 403
    message = _("This account is closed.")


class UndoTooLate(DomainError):
    """The window is over."""

    code = "undo_too_late"
    message = _("The moment to take this gift back has passed.")


class AlreadyUndone(DomainError):
    """It was taken back before, so there is nothing to thank for."""

    code = "already_undone"
    message = _("This gift was taken back.")


SPANS = {
    "gift": _("for one gift"),
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
        NotOnAirYet,
        GiftToSelf,
        GiftsOff,
        Blocked,
        TooYoung,
        BadQuantity,
        ConfirmFirst,
        OverOwnLimit,
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
    # What the function calls otherwise than the outside does.
    "over_limit_new_fan": OverNewFanLimit,
    "no_message": NoMessage,
    "message_off": MessagesOff,
}
