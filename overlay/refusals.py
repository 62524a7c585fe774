"""The refusals of overlays, alerts and goals."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class AddressGone(DomainError):
    """The address was replaced by a new one, or never was."""

    code = "overlay_gone"
    status = 404
    message = _("This address was replaced. Find the new one in the studio under Overlay.")


class NotOnAir(DomainError):
    """The creator is not on air."""

    code = "not_on_air"
    message = _("You're not live. Go live first.")


class NothingToReplay(DomainError):
    """No gift of this stream had an alert yet."""

    code = "nothing_to_replay"
    message = _("There are no alerts in this stream yet. Send yourself a test.")


class ReplayCount(DomainError):
    """A replay is of a handful of gifts."""

    code = "replay_count"
    status = 422
    message = _("Choose 1 to %(most)s gifts to show again.")
    field = "last"


class NoSuchGift(DomainError):
    """The catalogue has no gift of this name."""

    code = "no_such_gift"
    status = 422
    message = _("This gift doesn't exist. Choose one from the catalogue.")
    field = "gift"


class AlertNumber(DomainError):
    """A threshold is a number of coins, a volume a share of a hundred."""

    code = "alert_number"
    status = 422
    message = _("Choose a number from %(least)s to %(most)s.")


class VoiceLanguage(DomainError):
    """A voice has a language by its code."""

    code = "voice_language"
    status = 422
    message = _("Choose a voice language from the list.")
    field = "voice_language"


class NoGoal(DomainError):
    """No goal is running."""

    code = "no_goal"
    message = _("You have no active goal. Set one first.")


class GoalTitle(DomainError):
    """A goal says what it is for, in a few words."""

    code = "goal_title"
    status = 422
    message = _("Enter a title of up to %(most)s characters.")
    field = "title"


class GoalUnit(DomainError):
    """Choose coins or gifts for the goal."""

    code = "goal_unit"
    status = 422
    message = _("Choose coins or gifts for the goal.")
    field = "unit"


class GoalTarget(DomainError):
    """A goal can be reached."""

    code = "goal_target"
    status = 422
    message = _("Choose a target from 1 to %(most)s.")
    field = "target"


class GoalEnd(DomainError):
    """A goal ends in the time to come, within a year."""

    code = "goal_end"
    status = 422
    message = _("Choose an end date in the future, within a year.")
    field = "ends_at"
