"""A case: a parent or guardian says that a child bought here, and asks for the money back."""

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.moving import Moves
from wallet.models import Refund

LONGEST_STORY = 2_000
LONGEST_ANSWER = 500
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read as another one
FOUR_DIGITS = RegexValidator(r"^\d{4}$", _("Enter the last 4 digits."))


def new_number() -> str:
    """Return a number for a case that says nothing of how many there are."""
    signs = "".join(secrets.choice(_SIGNS) for _sign in range(8))
    return f"G-{signs[:4]}-{signs[4:]}"


class GuardianCaseQuerySet(models.QuerySet["GuardianCase"]):
    """Cases by their use."""

    def waiting(self) -> "GuardianCaseQuerySet":
        """Return those that staff must decide."""
        return self.filter(state=GuardianCase.State.OPEN)


class GuardianCase(Moves):
    """What a guardian told us, what staff decided, and where the money is.

    What they told is kept as long as it is needed (`GUARDIAN_KEEP_DAYS` after the end), and then
    taken out of the row; which account it was, what was decided, and the refunds stay.
    """

    class Relation(models.TextChoices):
        """Who asks."""

        PARENT = "parent", _("Parent")
        GUARDIAN = "guardian", _("Legal guardian")
        OTHER = "other", _("Someone else who looks after the child")

    class State(models.TextChoices):
        """The state of a case."""

        UNCONFIRMED = "unconfirmed", _("Waiting for the email to be confirmed")
        OPEN = "open", _("We are looking into it")
        CHECKING = "checking", _("A second person is checking our decision")
        GRANTED = "granted", _("The money is on its way back")
        SETTLED = "settled", _("The money went back")
        REJECTED = "rejected", _("We decided not to give money back")

    class Measure(models.TextChoices):
        """What is done about the account."""

        NONE = "", _("Leave it as it is")
        AGE = "age", _("Set the child's date of birth: no buying or sending until old enough")
        SUSPEND = "suspend", _("Suspend it: nobody can sign in")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.UNCONFIRMED: {State.OPEN},
        State.OPEN: {State.CHECKING, State.GRANTED, State.REJECTED, State.SETTLED},
        # What the second person turned down is decided anew.
        State.CHECKING: {State.GRANTED, State.OPEN},
        # Money that did not arrive is decided anew too.
        State.GRANTED: {State.SETTLED, State.OPEN},
        State.SETTLED: {State.OPEN},  # a bank sent the money back days later
        State.REJECTED: set(),
    }
    CLOSED: ClassVar[set[State]] = {State.SETTLED, State.REJECTED}
    # What goes when the case has been closed for long enough.
    PERSONAL: ClassVar[tuple[str, ...]] = (
        *("account_named", "order_named", "relation", "name", "email", "phone", "story"),
        *("statement_digits", "answer"),
    )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("case"), max_length=12, unique=True, default=new_number)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.UNCONFIRMED, editable=False
    )
    account_named = models.CharField(_("account, in their words"), max_length=254, blank=True)
    order_named = models.CharField(_("order or receipt, in their words"), max_length=64, blank=True)
    relation = models.CharField(_("who asks"), max_length=8, choices=Relation, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("email"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    child_age = models.PositiveSmallIntegerField(_("age of the child"), null=True)
    story = models.TextField(_("what happened"), max_length=LONGEST_STORY, blank=True)
    statement_digits = models.CharField(
        _("card or bank account ends in"), max_length=4, blank=True, validators=[FOUR_DIGITS]
    )
    # Whose account staff found that it is.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="guardian_cases",
        verbose_name=_("account"),
    )
    measure = models.CharField(
        _("about the account"), max_length=8, choices=Measure, blank=True, default=Measure.NONE
    )
    answer = models.CharField(_("answer to the guardian"), max_length=LONGEST_ANSWER, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    rounds = models.PositiveSmallIntegerField(default=0)  # how often refunds were decided
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("email confirmed"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    redacted_at = models.DateTimeField(_("personal data removed"), null=True, blank=True)

    objects: ClassVar[GuardianCaseQuerySet] = GuardianCaseQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("guardian case")
        verbose_name_plural = _("guardian cases")
        ordering = ("-created_at",)
        default_permissions = ("view",)
        permissions = (
            ("decide_guardiancase", _("Can decide the case of a guardian")),
            ("confirm_guardian", _("Can confirm what another person decided of a case")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state="unconfirmed") | Q(confirmed_at__isnull=False),
                name="guardian_case_is_of_a_confirmed_email",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["settled", "rejected"], closed_at__isnull=False)
                | ~Q(state__in=["settled", "rejected"]) & Q(closed_at__isnull=True),
                name="guardian_case_closed_has_its_moment",
            ),
            # Of money somebody decided, about an account, and it was not their own.
            models.CheckConstraint(
                condition=~Q(state__in=["checking", "granted", "settled"])
                | Q(user__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=models.F("user")),
                name="guardian_case_granted_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=True)
                | Q(closed_at__isnull=False, name="", email="", phone="", story="", answer="")
                & Q(account_named="", order_named="", statement_digits="", relation="")
                & Q(child_age__isnull=True),
                name="guardian_case_redacted_says_nothing",
            ),
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=False)
                | ~Q(name="") & ~Q(email="") & ~Q(story="") & Q(child_age__lt=18)
                & (~Q(account_named="") | ~Q(order_named="")),
                name="guardian_case_says_what_it_is_about",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def is_closed(self) -> bool:
        """Whether nothing more comes of it."""
        return self.closed_at is not None

    def move(self, to: str, **changes: object) -> None:
        """Move one step on by compare-and-set, and note when it closed. Raises `WrongState`."""
        changes["closed_at"] = timezone.now() if to in self.CLOSED else None
        super().move(to, **changes)


class GuardianLink(models.Model):
    """A way to a case's page, of which only the hash is kept: each email brings a new one."""

    case = models.ForeignKey(GuardianCase, models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.token_hash[:8]


class GuardianStep(models.Model):
    """Something that happened to a case, and the email that tells the guardian of it."""

    class Kind(models.TextChoices):
        """What happened."""

        ASKED = "asked", _("You wrote to us")
        CONFIRMED = "confirmed", _("Email confirmed")
        GRANTED = "granted", _("We decided to give money back")
        STUCK = "stuck", _("A payment could not be given back; we are finding another way")
        SETTLED = "settled", _("The money went back")
        REJECTED = "rejected", _("We decided not to give money back")

    case = models.ForeignKey(GuardianCase, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, default=timezone.now)  # until the email has left
    attempts = models.PositiveIntegerField(default=0)
    needs_attention = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="guardian_step_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id}: {self.get_kind_display()}"


class GuardianRefund(models.Model):
    """A refund that a case decided."""

    case = models.ForeignKey(GuardianCase, models.PROTECT, related_name="refunds")
    refund = models.OneToOneField(Refund, models.PROTECT, related_name="guardian")

    class Meta:
        verbose_name = _("refund of a case")
        verbose_name_plural = _("refunds of a case")
        ordering = ("id",)
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.refund)
