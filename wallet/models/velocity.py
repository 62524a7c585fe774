"""Rules against stolen cards and laundering, what orders came from, and what the rules found."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from wallet.models.purchases import Purchase

LONGEST_WINDOW_HOURS = 24 * 90


class OrderTrace(models.Model):
    """Where an order came from and what paid for it.

    Card and browser are digests (`accounts.traces.hidden`). The whole address is there for the
    buyer's bank and is cut to its network after `TRACE_IP_DAYS`; the rest goes after `TRACE_DAYS`.
    """

    purchase = models.OneToOneField(
        Purchase, models.CASCADE, primary_key=True, related_name="trace", verbose_name=_("order")
    )
    ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    network = models.CharField(_("network"), max_length=50, blank=True)
    device = models.CharField(_("browser"), max_length=64, blank=True)
    card = models.CharField(_("card or debited account"), max_length=64, blank=True)
    bank = models.CharField(_("its bank"), max_length=60, blank=True)
    paid_at = models.DateTimeField(_("when the payment was heard of"), null=True, blank=True)
    account_days = models.PositiveIntegerField(_("age of the account, days"))
    created_at = models.DateTimeField(_("kept"), auto_now_add=True)

    class Meta:
        verbose_name = _("trace of an order")
        verbose_name_plural = _("traces of orders")
        default_permissions = ()
        indexes = (
            models.Index(fields=["created_at"], name="order_trace_to_prune"),
            models.Index(
                fields=["card", "paid_at"], condition=~Q(card=""), name="order_trace_of_card"
            ),
        )

    def __str__(self) -> str:
        return f"{self.purchase_id}: {self.network}"


class VelocityRule(models.Model):
    """One rule: so much within so long, and what happens then. Staff write them; the log keeps who.

    A rule of one region goes before the same rule of everywhere.
    """

    class Kind(models.TextChoices):
        """What is counted."""

        CARDS_PER_ACCOUNT = "cards_per_account", _("Cards on one account")
        ACCOUNTS_PER_CARD = "accounts_per_card", _("Accounts with one card")
        ACCOUNTS_PER_DEVICE = "accounts_per_device", _("Accounts in one browser")
        ACCOUNTS_PER_NETWORK = "accounts_per_network", _("Accounts in one network")
        FAILED_PAYMENTS = "failed_payments", _("Failed payments of one account")
        NEW_ACCOUNT_SPENDING = "new_account_spending", _("Spending of a new account")
        COUNTRIES = "countries", _("Countries of one account and its cards")
        FAN_TO_CREATOR = "fan_to_creator", _("Gifts of one fan to one creator")
        SHARED_WITH_FANS = "shared_with_fans", _("Income from the creator's own browser or cards")
        LINKED_FANS = "linked_fans", _("Income from fans who share a browser or a card")
        YOUNG_FANS = "young_fans", _("Income from new accounts")

    class Action(models.TextChoices):
        """What happens to what a rule finds."""

        FLAG = "flag", _("tell staff")
        HOLD = "hold", _("hold")
        BLOCK = "block", _("refuse the order")

    # Rules about a creator's income; all others are about an order.
    OF_CREATORS: ClassVar[tuple[str, ...]] = (
        Kind.FAN_TO_CREATOR,
        Kind.SHARED_WITH_FANS,
        Kind.LINKED_FANS,
        Kind.YOUNG_FANS,
    )
    # What is known before there is a payment; only these can refuse an order.
    BEFORE_PAYMENT: ClassVar[tuple[str, ...]] = (
        Kind.CARDS_PER_ACCOUNT,
        Kind.ACCOUNTS_PER_DEVICE,
        Kind.ACCOUNTS_PER_NETWORK,
        Kind.FAILED_PAYMENTS,
        Kind.NEW_ACCOUNT_SPENDING,
    )
    OF_AN_AGE: ClassVar[tuple[str, ...]] = (Kind.NEW_ACCOUNT_SPENDING, Kind.YOUNG_FANS)
    IN_PERCENT: ClassVar[tuple[str, ...]] = (
        Kind.SHARED_WITH_FANS,
        Kind.LINKED_FANS,
        Kind.YOUNG_FANS,
    )
    IN_DOLLARS: ClassVar[tuple[str, ...]] = (Kind.NEW_ACCOUNT_SPENDING, Kind.FAN_TO_CREATOR)

    kind = models.CharField(_("counts"), max_length=24, choices=Kind)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
        help_text=_("Leave empty for everywhere. A rule of one region replaces that one there."),
    )
    action = models.CharField(_("then"), max_length=5, choices=Action)
    threshold = models.PositiveIntegerField(
        _("more than"),
        help_text=_("Cards, accounts, payments, countries; US dollars; or percent of the income."),
    )
    window_hours = models.PositiveIntegerField(_("within, hours"))
    account_days = models.PositiveIntegerField(
        _("an account is new for, days"),
        null=True,
        blank=True,
        help_text=_("Only for rules about new accounts."),
    )
    least_usd = models.PositiveIntegerField(
        _("from an income of, US dollars"),
        default=0,
        help_text=_("Only for rules in percent: below it, income is not looked at."),
    )
    active = models.BooleanField(_("in force"), default=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed"), null=True, editable=False)

    class Meta:
        verbose_name = _("rule against fraud")
        verbose_name_plural = _("rules against fraud")
        ordering = ("kind", F("region").asc(nulls_first=True), "action")
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "action", "region"],
                nulls_distinct=False,
                name="one_velocity_rule_each",
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=1, window_hours__range=(1, LONGEST_WINDOW_HOURS)),
                name="velocity_rule_has_bounds",
            ),
            models.CheckConstraint(
                condition=~Q(action="block")
                | Q(
                    kind__in=[
                        "cards_per_account",
                        "accounts_per_device",
                        "accounts_per_network",
                        "failed_payments",
                        "new_account_spending",
                    ]
                ),
                name="velocity_refuses_only_what_it_knows",
            ),
            models.CheckConstraint(
                # A missing age is no answer to a range, and no answer lets a row in.
                condition=Q(
                    kind__in=["new_account_spending", "young_fans"],
                    account_days__isnull=False,
                    account_days__range=(1, 365),
                )
                | ~Q(kind__in=["new_account_spending", "young_fans"])
                & Q(account_days__isnull=True),
                name="velocity_rule_knows_what_is_new",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["shared_with_fans", "linked_fans", "young_fans"], threshold__lte=99
                )
                | ~Q(kind__in=["shared_with_fans", "linked_fans", "young_fans"]) & Q(least_usd=0),
                name="velocity_percent_below_100",
            ),
        )

    def __str__(self) -> str:
        where = f", {self.region}" if self.region_id else ""
        return f"{self.get_kind_display()}{where}: {self.get_action_display()}"

    @property
    def of_creators(self) -> bool:
        """Whether it is about a creator's income."""
        return self.kind in self.OF_CREATORS


class VelocityHitQuerySet(models.QuerySet["VelocityHit"]):
    """Hits by their use."""

    def open(self) -> "VelocityHitQuerySet":
        """Return hits that nobody has decided."""
        return self.filter(decision="")

    def holding(self) -> "VelocityHitQuerySet":
        """Return open hits that hold something."""
        return self.open().filter(action=VelocityRule.Action.HOLD)


class VelocityHit(models.Model):
    """What a rule found: the rule as it stood, what was counted, and what a person decided.

    It is written once and decided once; the database refuses every other change.
    """

    class Decision(models.TextChoices):
        """What became of it."""

        DISMISSED = "dismissed", _("Dismissed: nothing is wrong")
        RELEASED = "released", _("Released")
        REFUNDED = "refunded", _("Refunded")
        SUSPENDED = "suspended", _("Account closed")
        # Nobody's decision: the buyer's bank took the payment back, and decides now.
        OVERTAKEN = "overtaken", _("Overtaken by the buyer's bank")

    public_id = models.UUIDField(_("fraud check"), default=uuid.uuid4, unique=True, editable=False)
    rule = models.ForeignKey(
        VelocityRule, models.PROTECT, related_name="hits", verbose_name=_("rule")
    )
    kind = models.CharField(_("counted"), max_length=24, choices=VelocityRule.Kind)
    action = models.CharField(_("action"), max_length=5, choices=VelocityRule.Action)
    # As the rule stood, in words and in numbers.
    said = models.CharField(_("rule as it stood"), max_length=300)
    threshold = models.PositiveIntegerField(_("more than"))
    window_hours = models.PositiveIntegerField(_("within, hours"))
    counted = models.PositiveIntegerField(_("found"))
    # What it is about: the account, and of an order that was placed the order.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="velocity_hits",
        verbose_name=_("account"),
    )
    purchase = models.ForeignKey(
        Purchase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="velocity_hits",
        verbose_name=_("order"),
    )
    # Names of what was counted: {"accounts": [pk], "orders": [pk], "gifts": [pk]}, the newest few.
    involved = models.JSONField(_("involved"), default=dict)
    created_at = models.DateTimeField(_("found at"), auto_now_add=True)
    # Of a creator who is held: the trust to go back to.
    trust_before = models.CharField(_("trust before"), max_length=8, blank=True)
    # A second person must agree above what one person may refund.
    proposed = models.CharField(
        _("proposed"), max_length=10, choices=Decision, blank=True, default=""
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision, blank=True, default=""
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    note = models.CharField(_("reason"), max_length=200, blank=True)

    objects: ClassVar[VelocityHitQuerySet] = VelocityHitQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("fraud check")
        verbose_name_plural = _("fraud checks")
        ordering = ("-id",)
        default_permissions = ("view",)
        permissions = (("decide_hit", _("Can decide what a rule against fraud found")),)
        constraints = (
            models.UniqueConstraint(
                fields=["rule", "purchase"],
                condition=Q(purchase__isnull=False),
                name="one_velocity_hit_per_order",
            ),
            # An account that is refused, or a creator, waits once for a decision, however often.
            models.UniqueConstraint(
                fields=["rule", "user"],
                condition=Q(purchase__isnull=True, decision=""),
                name="one_open_velocity_hit_per_account",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True, note="")
                | Q(decision="overtaken", decided_at__isnull=False, decided_by__isnull=True)
                | (
                    ~Q(decision__in=["", "overtaken"])
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(note="")
                ),
                name="velocity_hit_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(proposed="", proposed_by__isnull=True)
                | ~Q(proposed="") & Q(proposed_by__isnull=False),
                name="velocity_hit_proposed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="velocity_hit_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(counted__gt=F("threshold")), name="velocity_hit_is_above_its_rule"
            ),
        )
        indexes = (
            models.Index(
                fields=["created_at"], condition=Q(decision=""), name="velocity_hit_to_decide"
            ),
            models.Index(fields=["user", "rule", "decided_at"], name="velocity_hit_of_account"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.user}"

    @property
    def of_creator(self) -> bool:
        """Whether it is about a creator's income."""
        return self.kind in VelocityRule.OF_CREATORS

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided it."""
        return not self.decision

    def pks(self, name: str) -> list[Any]:
        """Return the rows of one name that were counted."""
        found: list[Any] = self.involved.get(name, [])
        return found
