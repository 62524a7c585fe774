"""Blocked words, and a creator's rules for their rooms."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from live.folding import fold_entry


class BlockedWord(models.Model):
    """A blocked word or phrase, on the whole site or in one creator's rooms.

    A star at its end matches any ending. Messages are compared with `folded`, not with the word.
    """

    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="blocked_words",
        verbose_name=_("creator"),
        help_text=_("Leave empty for the whole site."),
    )
    word = models.CharField(
        _("word"),
        max_length=60,
        help_text=_("One to three words. End a word with * to match any ending."),
    )
    folded = models.CharField(_("normalized"), max_length=60, editable=False)
    starts = models.BooleanField(_("matches prefixes"), default=False, editable=False)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("blocked word")
        verbose_name_plural = _("blocked words")
        ordering = ("word",)
        constraints = (
            # Begins with the column that is searched: a message asks for its own few words.
            models.UniqueConstraint(
                fields=["folded", "starts", "creator"],
                nulls_distinct=False,
                name="one_blocked_word_per_place",
            ),
            models.CheckConstraint(condition=~Q(folded=""), name="blocked_word_is_a_word"),
        )

    def __str__(self) -> str:
        return self.word

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the word with its folded form."""
        self.folded, self.starts = fold_entry(self.word)
        super().save(*args, **kwargs)


class RoomRules(models.Model):
    """A creator's rules for their rooms. Without a row the site's defaults hold."""

    class Guests(models.TextChoices):
        """Who may become a guest in a creator's streams."""

        NOBODY = "nobody", _("Nobody")
        INVITED = "invited", _("Only people I invite")
        ANYONE = "anyone", _("Anyone may ask")

    creator = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="room_rules",
        verbose_name=_("creator"),
    )
    gift_messages = models.BooleanField(_("gift messages allowed"), default=True)
    links = models.BooleanField(_("links are allowed"), default=False)
    guests = models.CharField(_("guests"), max_length=7, choices=Guests, default=Guests.NOBODY)

    class Meta:
        verbose_name = _("room rules")
        verbose_name_plural = _("room rules")
        constraints = (
            models.CheckConstraint(
                condition=Q(guests__in=("nobody", "invited", "anyone")), name="guests_rule_known"
            ),
        )

    def __str__(self) -> str:
        return str(self.creator)
