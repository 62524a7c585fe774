"""Blocked people, moderators, and the messages that they hid."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.naming import Place, may_be_named

if TYPE_CHECKING:
    from accounts.models import User


class Block(models.Model):
    """A person who can neither chat nor send gifts in a creator's rooms.

    By name, or by an anonymous gift. A block by a gift is a row of its own for each gift. Were it
    the same row as a block by name, or as that of another gift, a creator could find out who the
    sender is by blocking people one after the other.
    """

    name = ""  # as the creator sees it, once `live.chat.shown_names.named` has said it

    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="blocks",
        db_index=False,
        verbose_name=_("creator"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="blocked_by",
        verbose_name=_("blocked person"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("blocked by"),
    )
    gift = models.UUIDField(_("by an anonymous gift"), null=True, blank=True)
    gift_at = models.DateTimeField(_("gift sent at"), null=True, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("block")
        constraints = (
            models.UniqueConstraint(
                fields=["creator", "user", "gift"],
                nulls_distinct=False,
                name="one_block_per_person_and_gift",
            ),
            models.CheckConstraint(
                condition=~Q(user=models.F("creator")), name="block_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(gift__isnull=True, gift_at__isnull=True)
                | Q(gift__isnull=False, gift_at__isnull=False),
                name="anonymous_block_has_its_gift",
            ),
        )

    def __str__(self) -> str:
        facts = {"person": self.user.name, "creator": self.creator.name}
        return str(_("%(person)s is blocked by %(creator)s") % facts)

    @property
    def named(self) -> "User | None":
        """The blocked person, if the creator may know them."""
        named = may_be_named(
            Place.GIFT, anonymous=self.gift is not None, private=self.user.private_supporter
        )
        return self.user if named else None

    @property
    def handle(self) -> str:
        """The person's handle; empty for a block by an anonymous gift."""
        return self.named.handle if self.named else ""


class Moderator(models.Model):
    """A person who hides messages and blocks people in a creator's rooms."""

    name = ""  # as the creator sees it, once `live.chat.shown_names.named` has said it

    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="moderators",
        db_index=False,
        verbose_name=_("creator"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="moderates",
        verbose_name=_("moderator"),
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("moderator")
        constraints = (
            models.UniqueConstraint(fields=["creator", "user"], name="one_moderator_per_creator"),
            models.CheckConstraint(
                condition=~Q(user=models.F("creator")), name="moderate_somebody_else"
            ),
        )

    def __str__(self) -> str:
        facts = {"person": self.user.name, "creator": self.creator.name}
        return str(_("%(person)s moderates for %(creator)s") % facts)

    @property
    def named(self) -> "User":
        """The moderator: a block may hide who it is about, this never does."""
        return self.user


class Hidden(models.Model):
    """A hidden message: a line of chat, or the message of a gift."""

    stream = models.ForeignKey("live.Stream", models.CASCADE, related_name="hidden", db_index=False)
    event_id = models.BigIntegerField(_("message"), null=True, blank=True)
    gift = models.UUIDField(_("gift"), null=True, blank=True)
    # The room's events no longer have the text; staff must be able to read it when asked.
    words = models.TextField(_("text"), default="", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("hidden message")
        constraints = (
            models.UniqueConstraint(
                fields=["stream", "event_id", "gift"],
                nulls_distinct=False,
                name="words_are_hidden_once",
            ),
            models.CheckConstraint(
                condition=Q(event_id__isnull=True, gift__isnull=False)
                | Q(event_id__isnull=False, gift__isnull=True),
                name="hidden_line_or_gift",
            ),
        )

    def __str__(self) -> str:
        return str(_("Hidden: “%(words)s”") % {"words": self.words})
