"""People: who signs in, where they live, what they may do."""

import itertools
import re
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.sessions import SessionStore

MOST_COINS = 1_000_000  # more than any gift costs
HANDLE = RegexValidator(r"^[a-z0-9][a-z0-9_]{2,23}$", _("3 to 24 letters a-z, digits and _."))


class TaxMode(models.TextChoices):
    """Whether a listed price contains the tax or the tax comes on top."""

    INCLUSIVE = "inclusive", _("included in the price")
    EXCLUSIVE = "exclusive", _("added to the price")


class Region(models.Model):
    """A price region: one currency, one price list, one set of payment methods and rules."""

    code = models.SlugField(_("code"), primary_key=True, max_length=12)
    name = models.CharField(_("name"), max_length=60)
    currency = models.CharField(_("currency"), max_length=3)
    tax_mode = models.CharField(_("tax"), max_length=9, choices=TaxMode)
    # What the payment provider is assumed to take; staff review it before going live.
    fee_bp = models.PositiveIntegerField(
        _("payment fee, hundredths of a percent"), default=290, help_text=_("290 is 2.9 %")
    )
    fee_fixed_minor = models.PositiveIntegerField(
        _("payment fee, fixed part"),
        default=30,
        help_text=_("30 is 0.30; whole units where a currency has no cents, like the yen"),
    )
    smallest_custom_coins = models.PositiveIntegerField(
        _("smallest custom amount, coins"), default=50
    )
    largest_custom_coins = models.PositiveIntegerField(
        _("largest custom amount, coins"), default=100_000
    )
    is_default = models.BooleanField(_("default for other countries"), default=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_default_region",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"


class Country(models.Model):
    """A country people live in: its region, tax and the age from which gifts are allowed there."""

    code = models.CharField(_("code"), primary_key=True, max_length=2)
    name = models.CharField(_("name"), max_length=60)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="countries", verbose_name=_("region")
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age for gifts"), default=18, validators=[MinValueValidator(13)]
    )
    tax_name = models.CharField(_("name of the tax"), max_length=20, default="VAT")
    tax_rate_bp = models.PositiveIntegerField(
        _("tax, hundredths of a percent"), default=0, help_text=_("1900 is 19 %")
    )

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def tax_percent(self) -> str:
        """The tax rate as people say it: 19, or 7.5."""
        return f"{(Decimal(self.tax_rate_bp) / 100).normalize():f}"


class UserManager(BaseUserManager["User"]):
    """Finds people by email whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person who signs in with this address."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Return a new person with a hashed password."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def free_handle(self, email: str) -> str:
        """Return a free handle that resembles the address: for colleagues, who know each other."""
        local = email.split("@", maxsplit=1)[0].lower()
        stem = re.sub(r"[^a-z0-9]+", "_", local).strip("_")[:18] or "staff"
        stem = stem if len(stem) > 2 else f"{stem}_staff"
        taken = set(self.filter(handle__startswith=stem).values_list("handle", flat=True))
        names = (stem if n == 1 else f"{stem}_{n}" for n in itertools.count(1))
        return next(name for name in names if name not in taken)

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Return a new member of staff with every permission."""
        fields.setdefault("handle", self.free_handle(email))
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person: fan, creator, staff, or several of these. Signs in by email, is seen by handle."""

    public_id = models.UUIDField(_("public ID"), default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("email"), max_length=254, unique=True)
    handle = models.CharField(max_length=24, unique=True, validators=[HANDLE])
    display_name = models.CharField(_("name shown"), max_length=40, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, verbose_name=_("country")
    )
    date_of_birth = models.DateField(null=True, blank=True)
    confirm_from_coins = models.PositiveIntegerField(
        _("personal confirmation threshold, coins"),
        null=True,
        blank=True,
        help_text=_("Leave empty for the site's default. Larger gifts need a confirmation."),
    )
    private_supporter = models.BooleanField(
        _("private supporter"),
        default=False,
        help_text=_("The name shows in the room, but not on lists, leaderboards or images."),
    )
    is_creator = models.BooleanField(_("creator"), default=False)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.UniqueConstraint(Lower("email"), name="one_person_per_email"),
            models.UniqueConstraint(Lower("handle"), name="one_person_per_handle"),
            models.CheckConstraint(
                condition=models.Q(confirm_from_coins__isnull=True)
                | models.Q(confirm_from_coins__gte=1, confirm_from_coins__lte=MOST_COINS),
                name="own_confirmation_1_to_1000000",
            ),
        )

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def name(self) -> str:
        """The name that others see."""
        return self.display_name or self.handle

    def get_full_name(self) -> str:
        """Return the name, as Django's own pages ask for it."""
        return self.name

    @property
    def region(self) -> Region:
        """The price region of the person's country; the default region while it is unknown."""
        return self.country.region if self.country else Region.objects.get(is_default=True)


class Session(AbstractBaseSession):
    """A browser that somebody uses; its person comes with it in one query."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    seen_at = models.DateTimeField(null=True)  # of the last note in the list of one's browsers

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        """Return the store that reads and writes these rows."""
        from accounts.sessions import SessionStore

        return SessionStore


class Creator(models.Model):
    """What a person who goes on air adds to being a person."""

    class Trust(models.TextChoices):
        """Decides how long earnings wait before they can be paid out."""

        NEW = "new", _("new")
        TRUSTED = "trusted", _("trusted")
        FLAGGED = "flagged", _("flagged")

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="creator", verbose_name=_("creator")
    )
    trust = models.CharField(max_length=8, choices=Trust, default=Trust.NEW)
    bio = models.CharField(max_length=160, blank=True)
    avatar = models.CharField(_("picture"), max_length=80, blank=True)
    accepts_gifts = models.BooleanField(default=True)
    created_at = models.DateTimeField(_("creator since"), auto_now_add=True)

    def __str__(self) -> str:
        return str(self.user)


class SpendingLimit(models.Model):
    """A limit that a person set for themselves: lower at once, higher after a day's thought."""

    class Span(models.TextChoices):
        """What the limit bounds."""

        GIFT = "gift", _("one gift")
        DAY = "day", _("a day")
        WEEK = "week", _("a week")
        MONTH = "month", _("a month")

    user = models.ForeignKey(
        User, models.CASCADE, related_name="spending_limits", verbose_name=_("person")
    )
    span = models.CharField(_("for"), max_length=5, choices=Span)
    coins = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Leave empty for no limit.")
    )
    next_coins = models.PositiveIntegerField(_("new limit, coins"), null=True, blank=True)
    next_at = models.DateTimeField(_("changes"), null=True, blank=True)

    class Meta:
        verbose_name = _("spending limit")
        verbose_name_plural = _("spending limits")
        constraints = (models.UniqueConstraint(fields=["user", "span"], name="one_limit_per_span"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.coins} coins {self.get_span_display()}"

    @property
    def in_force(self) -> int | None:
        """The coins this limit allows now; a raise counts once its time has come."""
        if self.next_at and self.next_at <= timezone.now():
            return self.next_coins
        return self.coins
