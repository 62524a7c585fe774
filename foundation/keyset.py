"""Staff lists of rows that only get more: paged by key, never counted."""

from typing import Any

from django.contrib.admin.views.main import PAGE_VAR
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.views import ChangeList

from foundation.admin import StaffAdmin

LARGEST_KEY = 2**63 - 1


class Uncounted(Paginator[Any]):
    """The paginator that the theme asks for; pages have no numbers here."""

    template_name = "admin/by_key.html"


class KeysetChangeList(ChangeList):
    """A list whose pages begin after the key in `?p=`: the last page costs what the first does."""

    before_url: str
    after_url: str

    @property
    def ascending(self) -> bool:
        """Whether the oldest rows stand first."""
        return bool(self.model_admin.oldest_first)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        """Order by key, whatever the address says: any other order would sort all rows."""
        return ["pk" if self.ascending else "-pk"]

    def get_results(self, request: HttpRequest) -> None:
        """Read one row more than the page shows: it tells whether there is another page."""
        self.paginator = self.model_admin.get_paginator(request, [], self.list_per_page)
        rows, begun = self.queryset, 1 < self.page_num <= LARGEST_KEY
        if begun:
            side = "pk__gt" if self.ascending else "pk__lt"
            rows = rows.filter(**{side: self.page_num})
        found = list(rows[: self.list_per_page + 1])
        self.result_list = found[: self.list_per_page]
        more = len(found) > self.list_per_page
        self.before_url = self.get_query_string(remove=[PAGE_VAR]) if begun else ""
        self.after_url = self.get_query_string({PAGE_VAR: self.result_list[-1].pk}) if more else ""
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = False
        self.show_admin_actions = True
        self.can_show_all = self.multi_page = False


class KeysetAdmin(StaffAdmin):
    """An admin of such rows, the newest first."""

    oldest_first = False
    list_per_page = 50
    paginator = Uncounted
    sortable_by = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list that is paged by key."""
        return KeysetChangeList
