"""People: the names they sign in with and are seen by, and what they may do."""

import itertools
import re
import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models.functions import Lower
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.places import Country, Region

MOST_COINS = 1_000_000  # more than any gift costs
OWN_PICTURE = r"^(people/[0-9a-f]{40}\.webp)?$"
HANDLE = RegexValidator(r"^[a-z0-9][a-z0-9_]{2,23}$", _("3 to 24 letters a-z, digits and _."))


class UserQuerySet(models.QuerySet["User"]):
    """People by what they do."""

    def to_watch(self) -> "UserQuerySet":
        """Return the creators who have a page: those whose account is open."""
        return self.filter(is_creator=True, is_active=True, creator__isnull=False)


class UserManager(BaseUserManager["User"]):
    """Finds people by email whatever its case."""

    def get_queryset(self) -> UserQuerySet:
        """Return everybody."""
        return UserQuerySet(self.model, using=self._db)

    def to_watch(self) -> UserQuerySet:
        """Return the creators who have a page."""
        return self.get_queryset().to_watch()

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
    # Until then nothing is bought or sent. Written by `accounts/sql/pauses.sql` from the pauses
    # that the person asked for, and never moved back while it lasts.
    spending_paused_until = models.DateTimeField(
        _("spending paused until"), null=True, blank=True, editable=False
    )
    monthly_email = models.BooleanField(
        _("monthly email"),
        default=True,
        help_text=_("What was bought, sent and refunded in the month before."),
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

    def set_unusable_password(self) -> None:
        """Refuse sign-ins by password until a new one is set."""
        super().set_unusable_password()
        self._password = ""  # tells `save` that it is another one

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the person; another password ends the keys to the API, as it ends the sessions.

        Every way to another password comes through here: the site, a reset, the admin, a command.
        An old password that is only hashed anew is not another one.
        """
        another = self._password is not None and self.pk is not None
        self._save(*args, ends_keys=another, **kwargs)

    @transaction.atomic  # tried again as a whole, when Django has forgotten that it is another one
    def _save(self, *args: Any, ends_keys: bool, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if ends_keys:
            self.revoke_api_keys()

    def revoke_api_keys(self) -> None:
        """Take all keys to the API away."""
        self.api_keys.all().delete()

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
        country = Country.objects.of_code(self.country_id or "")
        return country.region if country else Region.objects.get(is_default=True)


class Creator(models.Model):
    """A creator's own facts: trust, profile, whether they take gifts."""

    class Trust(models.TextChoices):
        """Decides how long earnings wait before they can be paid out."""

        NEW = "new", _("new")
        TRUSTED = "trusted", _("trusted")
        FLAGGED = "flagged", _("flagged")

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="creator", verbose_name=_("creator")
    )
    trust = models.CharField(max_length=8, choices=Trust, default=Trust.NEW)
    # Why it was changed last; the creator reads it while they are flagged.
    trust_reason = models.CharField(_("reason for the trust"), max_length=200, blank=True)
    bio = models.CharField(max_length=160, blank=True)
    avatar = models.CharField(_("picture"), max_length=80, blank=True)
    # Their own uploads, in the default storage; `accounts/pictures/services.py` alone writes them.
    picture = models.CharField(_("own picture"), max_length=60, blank=True, editable=False)
    cover = models.CharField(_("cover"), max_length=60, blank=True, editable=False)
    poster = models.CharField(_("stream picture"), max_length=60, blank=True, editable=False)
    accepts_gifts = models.BooleanField(default=True)
    created_at = models.DateTimeField(_("creator since"), auto_now_add=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(picture__regex=OWN_PICTURE)
                & models.Q(cover__regex=OWN_PICTURE)
                & models.Q(poster__regex=OWN_PICTURE),
                name="own_pictures_are_ours",
            ),
            # Deleting one person's file takes nobody else's away.
            *(
                models.UniqueConstraint(
                    fields=[part], condition=~models.Q(**{part: ""}), name=f"one_{part}_per_creator"
                )
                for part in ("picture", "cover", "poster")
            ),
        )

    def __str__(self) -> str:
        return f"{self.user.name} ({self.user})"

    @property
    def face(self) -> str:
        """The address of the picture beside their name; empty: their initial stands there."""
        return _address(self.picture) or (static(self.avatar) if self.avatar else "")

    @property
    def cover_url(self) -> str:
        """The address of the cover of their page; empty: it is drawn."""
        return _address(self.cover)

    @property
    def poster_url(self) -> str:
        """The address of the picture of their streams; empty: it is drawn."""
        return _address(self.poster)


def _address(path: str) -> str:
    return f"/media/{path}" if path else ""
