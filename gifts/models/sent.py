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

    def nameable(self, place: Place) -> "SentGiftQuerySet":
        """Return gifts whose sender may be named in a place."""
        return self.filter(nameable(place))

    def due_for_release(self) -> "SentGiftQuerySet":
        """Return gifts whose hold is over and whose diamonds are still to be released."""
        return self.counted().filter(released_at__isnull=True, release_at__lte=timezone.now())


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
    fan_price_minor = models.BigIntegerField(_("the fan paid, in minor units"))
    fan_tax_minor = models.BigIntegerField(_("tax included, in minor units"))
    message = models.CharField(max_length=LONGEST_MESSAGE, blank=True)
    combo = models.UUIDField(null=True, blank=True)
    anonymous = models.BooleanField(_("anonymous"), default=False)
    created_at = models.DateTimeField(_("sent"))
    undo_until = models.DateTimeField(_("can be undone until"))
    release_at = models.DateTimeField(_("on hold until"))
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    thanked_at = models.DateTimeField(_("thanked"), null=True, blank=True)

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
        )
        indexes = (
            # What the studio adds up over days and months is read from the index alone.
            models.Index(
                fields=["creator", "created_at", "id"],
                include=["fan", "coins", "diamonds", "rate_card", "anonymous", "undone_at"],
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
                include=["diamonds", "rate_card"],
                condition=Q(released_at__isnull=True, undone_at__isnull=True),
                name="gift_on_hold",
            ),
            models.Index(fields=["id"], condition=Q(undone_at__isnull=False), name="gift_undone"),
            BrinIndex(fields=["created_at"], name="gift_sent_at"),
            models.Index(
                fields=["release_at"],
                condition=Q(released_at__isnull=True, undone_at__isnull=True),
                name="gift_to_release",
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} x {self.gift_id}"

    @property
    def named(self) -> User | None:
        """The sender, where the gift itself is shown; nobody for one without a name."""
        named = may_be_named(
            Place.GIFT, anonymous=self.anonymous, private=self.fan.private_supporter
        )
        return self.fan if named else None
