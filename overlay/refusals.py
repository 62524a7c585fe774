"""Why an overlay, its alerts or a goal did not do what was asked."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class AddressGone(DomainError):
    """The address was replaced by a new one, or never was."""

    code = "overlay_gone"
    status = 404
    message = _("This address was replaced. The new one is in the studio, under Overlay.")


class NotOnAir(DomainError):
    """There is no stream whose alerts this could be about."""

    code = "not_on_air"
    message = _("You are not on air. Go live first.")


class NothingToReplay(DomainError):
    """No gift of this stream had an alert yet."""

    code = "nothing_to_replay"
    message = _("No gift has been announced in this stream yet.")


class ReplayCount(DomainError):
    """A replay is of a handful of gifts."""

    code = "replay_count"
    status = 422
    message = _("Choose one to %(most)s gifts to show again.")
    field = "last"


class NoSuchGift(DomainError):
    """The catalogue has no gift of this name."""

    code = "no_such_gift"
    status = 422
    message = _("There is no such gift. Choose one of the catalogue.")
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
    message = _("Choose the language of the voice from the list.")
    field = "voice_language"


class NoGoal(DomainError):
    """Nothing is collected for."""

    code = "no_goal"
    message = _("You have no goal running.")


class GoalTitle(DomainError):
    """A goal says what it is for, in a few words."""

    code = "goal_title"
    status = 422
    message = _("Say what it is for, in %(most)s characters at most.")
    field = "title"


class GoalUnit(DomainError):
    """A goal counts coins or gifts."""

    code = "goal_unit"
    status = 422
    message = _("A goal counts coins or gifts.")
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
    message = _("Choose an end that is still to come, within a year.")
    field = "ends_at"
