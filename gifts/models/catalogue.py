"""The catalogue: gifts and the versions of their prices."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.dated import in_force
from foundation.figures import figure
from gifts.models.policy import ANNOUNCED, LEVELS, LONGEST_MESSAGE


def address_of(path: str) -> str:
    """Return the address of a picture or animation, whether shipped or uploaded."""
    return path if not path or path.startswith("/") else static(path)


class GiftQuerySet(models.QuerySet["Gift"]):
    """Gifts by where they are shown."""

    def on_offer(self) -> "GiftQuerySet":
        """Return the gifts on offer or soon to come, cheapest first, with their prices.

        A gift without a price in force, or without a picture that was drawn, is not on offer yet.
        """
        now = timezone.now()
        priced = GiftPrice.objects.filter(gift=models.OuterRef("pk"), valid_from__lte=now)
        return (
            self.filter(Q(retired_at__isnull=True) | Q(retired_at__gt=now))
            .filter(Q(available_from__isnull=True) | Q(available_from__lte=now + ANNOUNCED))
            .filter(models.Exists(priced))
            .exclude(art="")
            .prefetch_related("prices")
            .order_by("position")
        )


class Gift(models.Model):
    """A gift of the catalogue. Its price is a version of its own, stamped on everything sent."""

    class Kind(models.TextChoices):
        """The part of the screen that it takes."""

        STICKER = "sticker", _("sticker")
        SMALL = "small", _("small")
        MEDIUM = "medium", _("medium")
        LARGE = "large", _("large")
        FULL = "full", _("full screen")

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name = models.CharField(max_length=40)
    alt = models.CharField(_("alternative text"), max_length=160, blank=True)
    kind = models.CharField(_("size on screen"), max_length=8, choices=Kind)
    duration_ms = models.PositiveIntegerField(
        _("duration, milliseconds"), help_text=_("2000 is two seconds")
    )
    combo = models.BooleanField(_("can be sent as a combo"), default=False)
    # Both are under static/ for gifts that come with the site, and begin with / for uploads, which
    # come here once they were drawn; before, a new gift has no picture.
    art = models.CharField(_("picture"), max_length=160, blank=True)
    motion = models.CharField(_("animation"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(_("position in the tray"), default=0)
    message_length = models.PositiveSmallIntegerField(
        _("message up to, characters"),
        blank=True,
        validators=[MaxValueValidator(LONGEST_MESSAGE)],
        help_text=_("0 means no message. Leave empty to use the default for its size."),
    )
    confirm_twice = models.BooleanField(
        _("always confirm before sending"),
        default=False,
        help_text=_("Hold and press again, at any price."),
    )
    available_from = models.DateTimeField(
        _("offered from"), null=True, blank=True, help_text=_("Leave empty to start now.")
    )
    retired_at = models.DateTimeField(
        _("offered until"), null=True, blank=True, help_text=_("Leave empty for no end date.")
    )
    countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries"),
        default=list,
        blank=True,
        help_text=_("Only fans in these countries can send it. Leave empty for everywhere."),
    )
    from_level = models.PositiveSmallIntegerField(
        _("from supporter level"),
        default=0,
        validators=[MaxValueValidator(LEVELS)],
        help_text=_("0 means everyone. Level thresholds are set in the sending rules."),
    )
    club_only = models.BooleanField(
        _("for the creator's club only"),
        default=False,
        help_text=_("Only fans who recently sent this creator a gift can send it."),
    )

    objects: ClassVar[GiftQuerySet] = GiftQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        ordering = ("position",)
        constraints = (
            models.CheckConstraint(
                condition=Q(duration_ms__lte=15_000), name="gift_is_over_in_15_seconds"
            ),
            models.CheckConstraint(
                condition=Q(message_length__lte=LONGEST_MESSAGE), name="gift_message_fits"
            ),
            models.CheckConstraint(
                condition=Q(from_level__lte=LEVELS), name="gift_is_for_a_level_there_is"
            ),
            models.CheckConstraint(
                condition=Q(available_from__isnull=True)
                | Q(retired_at__isnull=True)
                | Q(available_from__lt=F("retired_at")),
                name="gift_is_retired_after_it_came",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it; without a length of its own, the message is as long as its kind allows."""
        if self.message_length is None:
            self.message_length = MESSAGE_LENGTHS[self.Kind(self.kind)]
        super().save(*args, **kwargs)

    @property
    def art_url(self) -> str:
        """The address of the picture."""
        return address_of(self.art)

    @property
    def price(self) -> "GiftPrice":
        """The price version in force now. Raises `GiftPrice.DoesNotExist`."""
        version = in_force(self.prices.all())
        if version is None:
            raise GiftPrice.DoesNotExist(f"{self} has no price yet.")
        return version


# The more of the screen a gift takes, the more it can say.
MESSAGE_LENGTHS = {
    Gift.Kind.STICKER: 40,
    Gift.Kind.SMALL: 80,
    Gift.Kind.MEDIUM: 120,
    Gift.Kind.LARGE: 200,
    Gift.Kind.FULL: LONGEST_MESSAGE,
}


class GiftPrice(models.Model):
    """One version of a gift's price in coins."""

    gift = models.ForeignKey(Gift, models.PROTECT, related_name="prices")
    coins = models.PositiveIntegerField(_("coins"))
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)

    class Meta:
        ordering = ("gift", "-valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=["gift", "valid_from"], name="one_gift_price_per_moment"
            ),
            # A slip must not cost a month's rent.
            models.CheckConstraint(
                condition=Q(coins__gte=1, coins__lte=25_000), name="gift_price_1_to_25000"
            ),
        )

    def __str__(self) -> str:
        facts = {"gift": self.gift, "coins": figure(self.coins)}
        return str(_("%(gift)s: %(coins)s coins") % facts)
