"""Sent gifts: one row for each, with what it cost and what it earned."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.naming import Place, may_be_named, nameable
from foundation.figures import figure
from gifts.models.catalogue import Gift, GiftPrice
from gifts.models.policy import LONGEST_MESSAGE
from ledger.models import Posting
from live.models import Stream
from wallet.models import RateCard


class SentGiftQuerySet(models.QuerySet["SentGift"]):
    """Sent gifts by their use."""

    def counted(self) -> "SentGiftQuerySet":
        """Return gifts that were not undone."""
        return self.filter(undone_at__isnull=True)

    def on_replays(self) -> "SentGiftQuerySet":
        """Return gifts that were sent on a replay."""
        return self.filter(moment__isnull=False)

    def nameable(self, place: Place) -> "SentGiftQuerySet":
        """Return gifts whose sender may be named in a place."""
        return self.filter(nameable(place))

    def due_for_release(self) -> "SentGiftQuerySet":
        """Return gifts whose hold is over and whose diamonds are still to be released.

        A gift waits while its payment is disputed; of one that was taken back nothing is left.
        """
        waiting = self.counted().filter(released_at__isnull=True, release_at__lte=timezone.now())
        return waiting.filter(frozen=False, withheld_diamonds__lt=F("diamonds"))


class SentGift(models.Model):
    """A gift that was sent.

    Written by `gifts_send` together with its posting and its live event.
    """

    # The idempotency key, a UUID made by the sender's device.
    public_id = models.UUIDField(_("number"), default=uuid.uuid4, unique=True)
    fan = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        db_constraint=False,
        related_name="sent_gifts",
        db_index=False,
    )
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        db_constraint=False,
        related_name="received_gifts",
        db_index=False,
    )
    stream = models.ForeignKey(
        Stream, models.DO_NOTHING, db_constraint=False, related_name="gifts", db_index=False
    )
    gift = models.ForeignKey(Gift, models.DO_NOTHING, db_constraint=False, db_index=False)
    price = models.ForeignKey(GiftPrice, models.DO_NOTHING, db_constraint=False, db_index=False)
    rate_card = models.ForeignKey(
        RateCard,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        verbose_name=_("rate card"),
    )
    posting = models.OneToOneField(
        Posting, models.DO_NOTHING, db_constraint=False, related_name="gift"
    )
    quantity = models.PositiveSmallIntegerField()
    coins = models.PositiveIntegerField()
    bonus_coins = models.PositiveIntegerField(_("including bonus coins"), default=0)
    diamonds = models.PositiveIntegerField()
    # What these coins cost the fan, tax included, at what the fan paid per coin on average so far.
    fan_currency = models.CharField(_("the fan's currency"), max_length=3)
    # In hundredths of a minor unit: the cheapest gifts cost a cent, and their tax a part of one.
    fan_price_fine = models.BigIntegerField(_("the fan paid, in hundredths of minor units"))
    fan_tax_fine = models.BigIntegerField(_("tax included, in hundredths of minor units"))
    message = models.CharField(max_length=LONGEST_MESSAGE, blank=True)
    combo = models.UUIDField(null=True, blank=True)
    anonymous = models.BooleanField(_("anonymous"), default=False)
    created_at = models.DateTimeField(_("sent"))
    # Of a gift on a replay: the moment of the stream at which everybody sees it.
    moment = models.DateTimeField(_("moment of the replay"), null=True, blank=True)
    undo_until = models.DateTimeField(_("can be undone until"))
    release_at = models.DateTimeField(_("on hold until"))
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    thanked_at = models.DateTimeField(_("thanked"), null=True, blank=True)
    # A dispute about the coins that paid it: its diamonds wait for the bank, or are gone.
    frozen = models.BooleanField(_("payment contested"), default=False, db_default=False)
    withheld_diamonds = models.PositiveIntegerField(
        _("diamonds frozen or taken back"), default=0, db_default=0
    )

    objects: ClassVar[SentGiftQuerySet] = SentGiftQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=~Q(fan=F("creator")), name="gift_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, coins__gte=1), name="sent_gift_is_of_something"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(released_at__isnull=True),
                name="undone_gift_not_released",
            ),
            models.CheckConstraint(
                condition=Q(frozen=False) | Q(undone_at__isnull=True, released_at__isnull=True),
                name="frozen_gift_waits",
            ),
            models.CheckConstraint(
                condition=Q(moment__isnull=True) | Q(moment__lt=F("created_at")),
                name="gift_on_replay_comes_after",
            ),
            models.CheckConstraint(
                condition=Q(withheld_diamonds__lte=F("diamonds"))
                & (Q(withheld_diamonds=0) | Q(undone_at__isnull=True)),
                name="withheld_of_a_gift_that_counts",
            ),
        )
        indexes = (
            models.Index(
                fields=["creator"], condition=Q(bonus_coins__gt=0), name="sent_gift_of_bonus"
            ),
            # What the studio adds up over days and months is read from the index alone.
            models.Index(
                fields=["creator", "created_at", "id"],
                include=[
                    "fan",
                    "coins",
                    "diamonds",
                    "withheld_diamonds",
                    "rate_card",
                    "anonymous",
                    "undone_at",
                ],
                name="gift_of_creator_in_time",
            ),
            models.Index(
                fields=["fan", "created_at"],
                include=["coins", "undone_at"],
                name="gift_of_fan_in_time",
            ),
            # A room adds up its supporters from the index alone.
            models.Index(
                fields=["stream", "-id"],
                include=["fan", "coins", "anonymous", "undone_at"],
                name="gift_of_stream",
            ),
            models.Index(
                fields=["creator", "release_at"],
                include=["diamonds", "withheld_diamonds", "rate_card"],
                condition=Q(released_at__isnull=True, undone_at__isnull=True),
                name="gift_on_hold",
            ),
            models.Index(fields=["id"], condition=Q(undone_at__isnull=False), name="gift_undone"),
            models.Index(
                fields=["stream", "-id"],
                include=["coins", "undone_at", "thanked_at"],
                condition=Q(moment__isnull=False),
                name="gift_on_replay",
            ),
            BrinIndex(fields=["created_at"], name="gift_sent_at"),
            models.Index(
                fields=["creator"],
                condition=Q(withheld_diamonds__gt=0),
                name="gift_withheld",
            ),
            models.Index(
                fields=["release_at"],
                condition=Q(released_at__isnull=True, undone_at__isnull=True),
                name="gift_to_release",
            ),
        )

    def __str__(self) -> str:
        facts = {
            "fan": self.fan.name,
            "creator": self.creator.name,
            "gift": f"{self.quantity} × {self.gift}" if self.quantity > 1 else self.gift,
            "coins": figure(self.coins),
        }
        return str(_("%(fan)s sent %(creator)s %(gift)s, %(coins)s coins") % facts)

    @property
    def to_guest(self) -> bool:
        """Whether a guest of the stream got it, and not its creator."""
        return self.creator_id != self.stream.creator_id

    @property
    def creator_diamonds(self) -> int:
        """The diamonds that are the creator's: all but those frozen or taken back."""
        return self.diamonds - self.withheld_diamonds

    @property
    def named(self) -> User | None:
        """The sender, where the gift itself is shown; none for a gift without a name."""
        named = may_be_named(
            Place.GIFT, anonymous=self.anonymous, private=self.fan.private_supporter
        )
        return self.fan if named else None
