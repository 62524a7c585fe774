"""Codes that fans redeem: batches of promotion codes and prepaid cards, kept as digests only."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.reference_data import reference_data
from foundation.money import Money, money
from foundation.moving import Moves
from wallet.models.promotions import LONGEST_DAYS
from wallet.models.purchases import Purchase

MOST_CODES = 1_000


class CodePolicy(models.Model):
    """The rules of codes and of bonus coins. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    alone_usd = models.PositiveIntegerField(
        _("one person makes batches of up to, US dollars"),
        db_default=500,
        help_text=_("the worth of all its coins; above it a second person confirms"),
    )
    tries_of_fan = models.PositiveSmallIntegerField(
        _("wrong codes of one person, per hour"), db_default=10
    )
    tries_of_address = models.PositiveSmallIntegerField(
        _("wrong codes from one address, per hour"), db_default=30
    )
    tries_of_site = models.PositiveIntegerField(
        _("wrong codes of everybody, per hour"), db_default=1_000
    )
    email_days = models.PositiveSmallIntegerField(
        _("email before bonus coins end, days"), db_default=7
    )

    class Meta:
        verbose_name = _("code rules")
        verbose_name_plural = _("code rules")
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="one_code_policy"),
            models.CheckConstraint(
                condition=Q(tries_of_fan__gt=0, tries_of_address__gt=0, tries_of_site__gt=0),
                name="code_tries_at_least_one",
            ),
        )

    def __str__(self) -> str:
        return str(_("Code rules"))

    @classmethod
    def current(cls) -> "CodePolicy":
        """Return the policy."""
        return _code_policy()


class CodeBatch(Moves):
    """Codes of one kind and value that staff make at once.

    The codes exist in plain once: in the file that is handed over when they are made.
    """

    class Kind(models.TextChoices):
        """What a code is worth."""

        PREPAID = "prepaid", _("Prepaid card: bought coins")
        BONUS = "bonus", _("Promotion code: bonus coins")

    class State(models.TextChoices):
        """The batch's state."""

        PROPOSED = "proposed", _("Waiting for a second person")
        APPROVED = "approved", _("Ready to be made")
        MADE = "made", _("In use")
        BLOCKED = "blocked", _("Blocked")
        REJECTED = "rejected", _("Rejected")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.PROPOSED: {State.APPROVED, State.REJECTED},
        State.APPROVED: {State.MADE, State.BLOCKED},
        State.MADE: {State.BLOCKED},
        State.BLOCKED: set(),
        State.REJECTED: set(),
    }

    public_id = models.UUIDField(_("batch"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60, help_text=_("fans read it"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    coins = models.PositiveIntegerField(_("coins of each use"))
    count = models.PositiveSmallIntegerField(_("codes"), default=1)
    uses = models.PositiveIntegerField(
        _("each code can be used"),
        default=1,
        help_text=_("times; by one fan once. A prepaid card always once."),
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("region"),
        help_text=_("where it can be redeemed; empty: everywhere. A prepaid card needs one."),
    )
    currency = models.CharField(max_length=3, blank=True, editable=False)
    price_minor = models.PositiveIntegerField(
        _("price of a card, in minor units"),
        null=True,
        blank=True,
        help_text=_("what it is sold for, tax included; 1199 is €11.99. Prepaid cards only."),
    )
    bonus_days = models.PositiveSmallIntegerField(
        _("the bonus coins can be spent for, days"),
        null=True,
        blank=True,
        help_text=_("from redeeming on. Promotion codes only."),
    )
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    valid_until = models.DateTimeField(_("valid until"))
    state = models.CharField(_("state"), max_length=10, choices=State, editable=False)
    needs_second = models.BooleanField(_("needs a second person"), default=False, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("blocked by"),
    )
    created_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    made_at = models.DateTimeField(_("made"), null=True, editable=False)
    # Made where nobody pays: its database does not go live.
    sandbox = models.BooleanField(_("of a sandbox"), default=False, editable=False)

    class Meta:
        verbose_name = _("code batch")
        verbose_name_plural = _("codes and cards")
        ordering = ("-id",)
        permissions = (
            ("confirm_codebatch", _("Can confirm codes that another person proposed")),
            ("make_codebatch", _("Can make codes and download them")),
            ("block_codebatch", _("Can block codes")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(coins__gt=0, count__range=(1, MOST_CODES), uses__gt=0),
                name="batch_has_codes_and_coins",
                violation_error_message=_("Make 1 to 1,000 codes of at least one coin and use."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="prepaid",
                    uses=1,
                    region__isnull=False,
                    price_minor__gt=0,
                    bonus_days__isnull=True,
                )
                & Q(price_minor__isnull=False)
                & ~Q(currency="")
                | Q(
                    kind="bonus",
                    price_minor__isnull=True,
                    currency="",
                    bonus_days__range=(1, LONGEST_DAYS),
                )
                & Q(bonus_days__isnull=False),
                name="batch_is_of_its_kind",
                violation_error_message=_(
                    "A prepaid card needs a region and a price and is used once; a promotion code "
                    "needs the days for which its coins can be spent, and no price."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")),
                name="batch_ends_after_it_begins",
                violation_error_message=_("Choose an end after the beginning."),
            ),
            # Holds for superusers too.
            models.CheckConstraint(
                condition=Q(needs_second=False)
                | Q(decided_by__isnull=True, state__in=["proposed"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("created_by"))),
                name="batch_confirmed_by_another_person",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def price(self) -> Money | None:
        """What a prepaid card is sold for, tax included."""
        return None if self.price_minor is None else money(self.price_minor, self.currency)


class Code(models.Model):
    """One code, as a keyed digest: who reads this table can redeem nothing."""

    batch = models.ForeignKey(
        CodeBatch, models.PROTECT, related_name="codes", verbose_name=_("batch")
    )
    number = models.PositiveSmallIntegerField(_("number"), help_text=_("as it is printed"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    most_uses = models.PositiveIntegerField(_("can be used"))
    used = models.PositiveIntegerField(_("used"), default=0)
    # A card that came back to where it was sold, say. Nobody has redeemed it, and nobody will.
    void_at = models.DateTimeField(_("void"), null=True, editable=False)
    void_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made void by"),
    )
    void_reason = models.CharField(_("why void"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ("batch", "number")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=["batch", "number"], name="one_code_per_number"),
            models.CheckConstraint(
                condition=Q(used__lte=F("most_uses")), name="code_used_as_often_as_it_can"
            ),
            models.CheckConstraint(
                condition=Q(void_at__isnull=True, void_by__isnull=True, void_reason="")
                | Q(used=0, void_at__isnull=False, void_by__isnull=False) & ~Q(void_reason=""),
                name="code_is_void_or_used",
            ),
        )

    def __str__(self) -> str:
        return f"{self.batch} {self.number}"


class Redemption(models.Model):
    """A code that a fan redeemed: its order or its bonus coins came with it."""

    public_id = models.UUIDField(_("redemption"), default=uuid.uuid4, unique=True, editable=False)
    key = models.UUIDField(help_text=_("created by the client; one redemption per request"))
    code = models.ForeignKey(
        Code, models.PROTECT, related_name="redemptions", verbose_name=_("code")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="redemptions", verbose_name=_("fan")
    )
    coins = models.PositiveIntegerField(_("coins"))
    purchase = models.OneToOneField(
        Purchase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="redemption",
        verbose_name=_("order"),
    )
    created_at = models.DateTimeField(_("redeemed"), auto_now_add=True)

    class Meta:
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        ordering = ("-id",)
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=["code", "user"], name="one_redemption_per_fan"),
            models.UniqueConstraint(fields=["user", "key"], name="one_redemption_per_key"),
            models.CheckConstraint(condition=Q(coins__gt=0), name="redemption_is_of_something"),
        )

    def __str__(self) -> str:
        return str(self.code)


class CodeTry(models.Model):
    """A code that somebody typed. Wrong ones of the last hour are counted; old ones go."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    address = models.CharField(max_length=64)  # a keyed digest: it tells addresses apart, no more
    good = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("try of a code")
        verbose_name_plural = _("tries of codes")
        default_permissions = ()
        indexes = (
            models.Index(fields=["created_at"], name="code_try_when"),
            models.Index(fields=["user", "created_at"], name="code_try_of_user"),
        )

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"


@reference_data
def _code_policy() -> CodePolicy:
    return CodePolicy.objects.get(pk=1)
