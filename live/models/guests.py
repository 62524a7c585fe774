"""Guests: people who are seen and heard beside the creator of a stream."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.models.streams import Stream

if TYPE_CHECKING:
    from accounts.models import User

SEATS = 4


class GuestQuerySet(models.QuerySet["Guest"]):
    """Guests by where they are on their way."""

    def open(self) -> "GuestQuerySet":
        """Return those who wait for an answer, and those who are on."""
        return self.filter(state__in=Guest.OPEN)

    def joined(self) -> "GuestQuerySet":
        """Return those who are on, by seat."""
        return self.filter(state=Guest.State.JOINED).order_by("seat")


class Guest(models.Model):
    """A person on their way into a stream, in it, or out of it again: a row for each time."""

    class State(models.TextChoices):
        """The states of a guest."""

        ASKED = "asked", _("asks to join")
        INVITED = "invited", _("invited")
        JOINED = "joined", _("on")
        REFUSED = "refused", _("refused")
        LEFT = "left", _("left")
        REMOVED = "removed", _("removed")

    OPEN = (State.ASKED, State.INVITED, State.JOINED)

    public_id = models.UUIDField(_("public ID"), default=uuid.uuid4, unique=True, editable=False)
    stream = models.ForeignKey(Stream, models.PROTECT, related_name="guests", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="guest_in",
        verbose_name=_("guest"),
    )
    # As the room shows it since they joined; empty: a word of the creator's list is in it.
    name = models.CharField(_("name shown"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State)
    seat = models.PositiveSmallIntegerField(_("seat"), null=True, blank=True)
    muted = models.BooleanField(_("muted"), default=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("ended by"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects: ClassVar[GuestQuerySet] = GuestQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("guest")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["stream", "user"], name="guests_of_stream"),
            models.Index(
                fields=["id"],
                condition=Q(state__in=("asked", "invited", "joined")),
                name="guest_not_gone",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["stream", "user"],
                condition=Q(state__in=("asked", "invited", "joined")),
                name="one_open_guest_per_stream_and_person",
            ),
            # With the seats from one to four: at most four guests.
            models.UniqueConstraint(fields=["stream", "seat"], name="one_guest_per_seat"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="joined"), name="one_seat_per_person"
            ),
            models.CheckConstraint(
                condition=Q(
                    state="joined",
                    seat__isnull=False,  # compared with nothing, nothing is refused
                    seat__gte=1,
                    seat__lte=SEATS,
                    joined_at__isnull=False,
                )
                | (~Q(state="joined") & Q(seat__isnull=True)),
                name="guest_has_a_seat_while_joined",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "invited", "joined"), ended_at__isnull=True)
                | Q(state__in=("refused", "left", "removed"), ended_at__isnull=False),
                name="guest_is_gone_since",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(state="removed"), name="guest_is_removed_for_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.stream}"

    @property
    def is_open(self) -> bool:
        """Whether they wait for an answer, or are on."""
        return self.state in self.OPEN

    @property
    def face(self) -> str:
        """The address of the picture beside their name; empty: their initial stands there."""
        user: User = self.user
        profile = getattr(user, "creator", None)
        return str(profile.face) if profile else ""

    @property
    def shown(self) -> dict[str, Any]:
        """What everybody in the room sees of a guest who is on."""
        return {
            "id": str(self.public_id),
            "seat": self.seat,
            "name": self.name,
            "handle": self.user.handle,
            "person": str(self.user.public_id),
            "picture": self.face,
            "muted": self.muted,
        }
