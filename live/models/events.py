"""Events of a stream as rows, and the number of people who watch it."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.models.streams import Stream

# An audience that was not counted for so long is that of a process that died.
AUDIENCE_SECONDS = 12


class Event(models.Model):
    """An event for the room, written with the facts it reports. Ids may commit out of order."""

    title = ""  # what happened, once a page of staff has said it

    stream = models.ForeignKey(
        Stream, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="events"
    )
    kind = models.CharField(_("type"), max_length=16)
    payload = models.JSONField(_("payload"))
    created_at = models.DateTimeField(_("when"))
    # Of what is sent on a replay: the moment of the stream at which it stands. It was never live.
    moment = models.DateTimeField(_("moment of the stream"), null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["stream", "moment"],
                condition=Q(moment__isnull=False),
                name="event_on_replay",
            ),
            models.Index(fields=["stream", "id"], name="event_of_stream"),
            # A room finds its messages among any number of gifts.
            models.Index(fields=["stream", "id"], condition=Q(kind="chat"), name="chat_of_stream"),
            # Captions go with the replay of their stream.
            models.Index(
                fields=["stream", "id"], condition=Q(kind="caption"), name="caption_of_stream"
            ),
        )

    def __str__(self) -> str:
        return self.title or f"{self.kind} {self.pk}"


class AudienceQuerySet(models.QuerySet["Audience"]):
    """Audiences, added up."""

    def by_stream(self) -> dict[int, int]:
        """Return how many watch each stream now, at all processes; one of nobody is left out."""
        recent = timezone.now() - timedelta(seconds=AUDIENCE_SECONDS)
        counted = self.filter(seen_at__gt=recent).values_list("stream_id")
        return dict(counted.annotate(models.Sum("viewers")))


class Audience(models.Model):
    """The subscribers of a stream at one process, counted again every few seconds."""

    stream = models.ForeignKey(
        Stream, models.CASCADE, db_constraint=False, related_name="audiences"
    )
    process = models.CharField(max_length=32)
    viewers = models.PositiveIntegerField()
    seen_at = models.DateTimeField()

    objects: ClassVar[AudienceQuerySet] = AudienceQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["stream", "process"], name="one_audience_per_process"),
        )

    def __str__(self) -> str:
        return f"{self.viewers}"
