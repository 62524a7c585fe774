"""The ledger's tables: accounts, postings with their transfers and keys, the snapshots of open
accounts.

Read them freely; only `ledger_post` writes them.
"""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from foundation.figures import figure
from foundation.money import money
from ledger.chart import COIN, DIAMOND, Kind, kind_of


class XidField(models.Field[int, int]):
    """PostgreSQL's 64-bit transaction id, drawn by the database when the row is written."""

    def db_type(self, connection: object) -> str:
        """Return the column type."""
        return "xid8"

    def from_db_value(self, value: object, expression: object, connection: object) -> int | None:
        """Read the id as an integer."""
        return None if value is None else int(str(value))


class KeyField(models.CharField[str, str]):
    """A text that is only ever looked up whole.

    Under its standard name the type would get Django's second index, for LIKE, which every posting
    would pay.
    """

    def db_type(self, connection: object) -> str:
        """Return the column type, spelt out."""
        return f"character varying({self.max_length})"


class Account(models.Model):
    """One balance of one owner (or of the site, without an owner) in one unit."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ledger_accounts",
        verbose_name=_("owner"),
    )
    kind = models.CharField(max_length=48)
    unit = models.CharField(max_length=8)
    # A guarded account carries its balance; an open one is the sum of what was written and keeps 0
    # here.
    guarded = models.BooleanField(_("never below zero"))
    balance = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["owner", "kind", "unit"],
                name="one_account_per_owner_kind_unit",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(balance__gte=0), name="balance_never_negative"),
            models.CheckConstraint(
                condition=Q(guarded=True) | Q(balance=0), name="open_account_keeps_no_balance"
            ),
        )

    def __str__(self) -> str:
        return f"{self.owner or _('site')} · {self.kind} · {self.unit}"

    @property
    def kind_rules(self) -> Kind:
        """The chart's entry for this account."""
        return kind_of(self.kind)


class Posting(models.Model):
    """One business event: everything it moved, moved together or not at all."""

    title = ""  # people and amounts in words, once a page of staff has said it

    # Claimed once in `Key`; here it is a name to read.
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=32)
    reverses = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="reversals",
        db_constraint=False,
        db_index=False,
        verbose_name=_("reverses"),
    )
    created_at = models.DateTimeField(_("booked"), db_default=Func(function="clock_timestamp"))

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | ~Q(reverses=F("id")),
                name="posting_reverses_another",
            ),
        )
        indexes = (
            models.Index(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="posting_reverses"
            ),
            # Staff look for rare kinds; the frequent one is found without an index, and pays none.
            models.Index(
                fields=["kind", "id"],
                condition=~Q(kind=settings.LEDGER_FREQUENT_KIND),
                name="posting_of_kind",
            ),
            BrinIndex(fields=["created_at"], name="posting_booked"),
        )

    def __str__(self) -> str:
        return self.title or self.key


class Key(models.Model):
    """A claim that exists once: a posting's key, and `reverses:<key>` for its reversal.

    A table of its own, so that old keys can be pruned.
    """

    key = KeyField(max_length=120, primary_key=True, db_collation="C")
    posting = models.ForeignKey(
        Posting, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="claims"
    )
    # A repeated key is the same request when this is the same.
    input_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Transfer(models.Model):
    """One amount from one account (debited) to another (credited). Both sides are one row: the
    ledger always balances.

    The links carry no database foreign keys on purpose: they double PostgreSQL's work per send. The
    one writer checks the accounts, and `check_ledger` audits what the keys would have refused.
    """

    posting = models.ForeignKey(
        Posting,
        models.DO_NOTHING,
        related_name="transfers",
        db_constraint=False,
        verbose_name=_("posting"),
    )
    unit = models.CharField(max_length=8)
    from_account = models.ForeignKey(
        Account,
        models.DO_NOTHING,
        related_name="debits",
        db_constraint=False,
        db_index=False,
        verbose_name=_("from"),
    )
    to_account = models.ForeignKey(
        Account,
        models.DO_NOTHING,
        related_name="credits",
        db_constraint=False,
        db_index=False,
        verbose_name=_("to"),
    )
    amount = models.BigIntegerField()
    xid = XidField(db_default=Func(function="pg_current_xact_id"))
    created_at = models.DateTimeField(_("booked"))  # its posting's moment

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_amount_positive"),
            models.CheckConstraint(
                condition=~Q(from_account=F("to_account")), name="transfer_between_two_accounts"
            ),
        )
        indexes = (
            models.Index(fields=["from_account", "xid"], include=["amount"], name="transfer_from"),
            models.Index(fields=["to_account", "xid"], include=["amount"], name="transfer_to"),
            # Taking snapshots reads only what came since the checkpoint. (BRIN has no operators for
            # xid8; at the right edge a B-tree is cheap.)
            models.Index(fields=["xid"], name="transfer_xid"),
            # An account's lines in order: the two above know only which transaction wrote them.
            models.Index(fields=["from_account", "posting"], name="transfer_out"),
            models.Index(fields=["to_account", "posting"], name="transfer_in"),
            models.Index(
                fields=["unit", "id"],
                condition=~Q(unit__in=["COIN", "DIAMOND"]),
                name="transfer_of_money",
            ),
            BrinIndex(fields=["created_at"], name="transfer_booked"),
        )

    def __str__(self) -> str:
        amount = f"{figure(self.amount)} {self.unit}"
        if self.unit not in (COIN, DIAMOND):
            amount = str(money(self.amount, self.unit))
        return f"{self.from_account} → {self.to_account}: {amount}"


class Rule(models.Model):
    """One transfer that postings of a kind may make: the writer refuses every other one.

    Each app declares its own (`<app>/postings.py`); `migrate` writes them here.
    """

    kind = models.CharField(_("posting"), max_length=32)
    # The kind of posting that is taken back; empty for what is no reversal.
    reverses = models.CharField(_("reverses"), max_length=32, blank=True)
    # A kind of account, or with a colon at its end all of a family: `tax:`.
    from_kind = models.CharField(_("from"), max_length=48)
    to_kind = models.CharField(_("to"), max_length=48)
    unit = models.CharField(max_length=8, blank=True)  # empty: any currency
    # Whose account it is; within one posting the same word is the same person. Empty: the site's.
    from_party = models.CharField(_("paid by"), max_length=16, blank=True)
    to_party = models.CharField(_("paid to"), max_length=16, blank=True)
    from_guarded = models.BooleanField()
    to_guarded = models.BooleanField()

    class Meta:
        verbose_name = _("posting rule")
        verbose_name_plural = _("posting rules")
        ordering = ("kind", "reverses", "from_kind", "to_kind")
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "reverses", "from_kind", "to_kind"], name="one_rule_per_transfer"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.from_kind} → {self.to_kind}"


class Snapshot(models.Model):
    """The sums that an open account had moved before the checkpoint."""

    account = models.OneToOneField(
        Account, models.DO_NOTHING, primary_key=True, db_constraint=False
    )
    debits = models.BigIntegerField()
    credits = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.account_id}: {self.credits} - {self.debits}"


class Checkpoint(models.Model):
    """The one row that says up to which transaction id all snapshots are complete."""

    xid = XidField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_checkpoint"),)

    def __str__(self) -> str:
        return str(self.xid)


class LedgerCheck(models.Model):
    """One run of the audit, kept with its report."""

    ran_at = models.DateTimeField(_("checked"), auto_now_add=True)
    ok = models.BooleanField(_("balanced"))
    report = models.TextField(_("report"))

    class Meta:
        db_table = "ledger_check"
        verbose_name = _("ledger check")
        verbose_name_plural = _("ledger checks")
        ordering = ("-ran_at",)

    def __str__(self) -> str:
        return f"{self.ran_at:%Y-%m-%d %H:%M} {'balanced' if self.ok else 'breach'}"

    @classmethod
    def found_breach(cls) -> bool:
        """Return whether the newest audit found a breach."""
        newest = cls.objects.order_by("-ran_at").first()
        return newest is not None and not newest.ok
