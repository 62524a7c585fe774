"""Keys to the API: what programs act with on behalf of a person."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_LIFE = timedelta(days=365)


class Scope(models.TextChoices):
    """What a key may do. Each operation of the API asks for one of them."""

    READ = "read", _("Read your balance, history, orders and earnings")
    SEND = "send", _("Send gifts and messages, buy coins, change your profile")
    EARN = "earn", _("Request payouts, run your overlay, moderate your rooms")


class ApiKey(models.Model):
    """A key to the API, known by its digest alone: its text is shown once."""

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="api_keys", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=40)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    ending = models.CharField(_("ends in"), max_length=4, editable=False)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    ends_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0, scopes__contained_by=Scope.values),
                name="api_key_has_known_scopes",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"), name="api_key_is_kept_as_digest"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("created_at"))
                & Q(ends_at__lte=F("created_at") + LONGEST_LIFE),
                name="api_key_ends_within_a_year",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="api_key_has_a_name"),
        )

    def __str__(self) -> str:
        return f"{self.name} (…{self.ending})"

    @property
    def has_ended(self) -> bool:
        """Whether its last day is over."""
        return self.ends_at <= timezone.now()

    @property
    def scope_labels(self) -> list[str]:
        """What the key may do, in words."""
        return [str(Scope(scope).label) for scope in self.scopes]
