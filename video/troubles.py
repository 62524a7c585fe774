"""Why the video of a broadcast ended, in words for its creator: each says what to do next."""

from enum import Enum

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


class Trouble(Enum):
    """The code that a row keeps, and the sentence that its creator reads."""

    UNREADABLE = (
        "unreadable",
        _("The video can't be shown. Send H.264 video and AAC sound, and start again."),
    )
    PICTURE_SIZE = (
        "picture_size",
        _("The picture is too large or too small. Set 1280×720 or 1920×1080 in your encoder."),
    )
    NO_PICTURE = (
        "no_picture",
        _("Your encoder connected but sent no picture. Add a source in it and start again."),
    )
    TOO_FAST = (
        "too_fast",
        _("More video came in than the site takes. Set a lower bitrate in your encoder."),
    )
    TOO_LONG = (
        "too_long",
        _("A broadcast ends by itself after a day. Start your encoder again to go on."),
    )
    DISK_FULL = (
        "disk_full",
        _("The site has no room for video right now. Try again in a few minutes."),
    )
    TOO_MUCH = (
        "too_much",
        _("The site is busy with other broadcasts. Try again in a few minutes."),
    )
    REPLACED = (
        "replaced",
        _("Another encoder went on with your key. If that wasn't you, make a new stream key."),
    )
    KEY_CHANGED = (
        "key_changed",
        _("The stream key was changed. Put the new key into your encoder and start it again."),
    )
    STREAM_ENDED = (
        "stream_ended",
        _("The stream was ended while your encoder was sending. Go live here to begin another."),
    )
    SHOWN_ELSEWHERE = (
        "shown_elsewhere",
        _("Your room shows video from elsewhere instead. Take it away, and start again."),
    )
    SWITCHED_OFF = ("switched_off", _("This account can't go live. Write to the site's staff."))
    GUEST_REMOVED = ("guest_removed", _("You were taken off the stream."))
    GUEST_LEFT = ("guest_left", _("You have left the stream."))
    GUEST_OVER = ("guest_over", _("The stream is over."))
    GUEST_ELSEWHERE = (
        "guest_elsewhere",
        _("You went on in another window. This one sends nothing."),
    )
    LINE_CUT = ("line_cut", "")  # or stopped in the encoder: there is nothing to mend

    def __init__(self, code: str, sentence: StrOrPromise) -> None:
        self.code = code
        self.sentence = sentence


SENTENCES = {trouble.code: trouble.sentence for trouble in Trouble}
