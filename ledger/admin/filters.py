"""Filters and search for millions of postings: whole keys and short lists of choices."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ledger.chart import COIN, DIAMOND, KINDS
from ledger.models import Account, Key

# Each kind but the frequent one, one look into the index for each.
KINDS_POSTED = """
WITH RECURSIVE found AS (
    (SELECT kind FROM ledger_posting WHERE kind <> %(frequent)s ORDER BY kind LIMIT 1)
    UNION ALL
    SELECT (SELECT p.kind FROM ledger_posting p
            WHERE p.kind <> %(frequent)s AND p.kind > found.kind ORDER BY p.kind LIMIT 1)
    FROM found WHERE found.kind IS NOT NULL
)
SELECT kind FROM found WHERE kind IS NOT NULL
"""


def postings_named(text: str) -> list[int]:
    """Return the ids of the postings whose key, or the number in whose key, this is."""
    keys = [prefix + text.strip() for prefix in ("", *settings.LEDGER_KEY_PREFIXES)]
    return list(Key.objects.filter(key__in=keys).values_list("posting_id", flat=True))


class ChoiceFilter(admin.SimpleListFilter):
    """A filter by one column whose choices are known without reading the rows."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the chosen value."""
        return (
            queryset.filter(**{self.parameter_name or "": self.value()})
            if self.value()
            else queryset
        )


class UnitFilter(ChoiceFilter):
    """Coins, diamonds, or a currency in which anything was booked."""

    title = _("unit")
    parameter_name = "unit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the units."""
        booked = Account.objects.filter(owner=None).values_list("unit", flat=True)
        money = sorted(set(booked) - {COIN, DIAMOND})
        return [(unit, unit) for unit in (COIN, DIAMOND, *money)]


class PostingKindFilter(ChoiceFilter):
    """Whatever was ever posted."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the kinds."""
        with connection.cursor() as cursor:
            frequent = settings.LEDGER_FREQUENT_KIND
            cursor.execute(KINDS_POSTED, {"frequent": frequent})
            return [(kind, kind) for kind in (frequent, *(row[0] for row in cursor.fetchall()))]


class WhoseFilter(admin.SimpleListFilter):
    """The site's own accounts, or people's."""

    title = _("owner")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [("site", _("the site's")), ("people", _("people's"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the accounts without, or with, an owner."""
        if self.value() in ("site", "people"):
            return queryset.filter(owner__isnull=self.value() == "site")
        return queryset


class AccountKindFilter(admin.SimpleListFilter):
    """The chart's kinds; `tax` finds the tax accounts of all countries."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the kinds."""
        return [(kind, kind) for kind in KINDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the accounts of the chosen kind."""
        kind = self.value()
        return queryset.filter(Q(kind=kind) | Q(kind__startswith=f"{kind}:")) if kind else queryset
