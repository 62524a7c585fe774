"""What the pages of this desk share: looking without touching, buttons that are forms, refusals as
messages.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from foundation.errors import DomainError

Press = Callable[..., HttpResponse]


class LookOnly(ModelAdmin):
    """A page to look at: no adding, changing or deleting, by nobody."""

    list_fullwidth = True

    class Media:
        css = {"all": ("payouts/staff.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: rows are made by services."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Refuse: rows are moved by services."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Refuse: money leaves traces."""
        return False

    def button(self, route: str, press: Press, permission: str) -> URLPattern:
        """Return the address of a button: a POST by somebody with the permission, refusals come
        back as a message.
        """

        @require_POST
        def pressed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            try:
                return press(request, *args, **kwargs)
            except DomainError as refusal:
                messages.error(request, refusal.detail)
                return redirect(request.headers.get("Referer") or "admin:index")

        name = f"{self.opts.app_label}_{self.opts.model_name}_{press.__name__}"
        address: URLPattern = path(route, self.admin_site.admin_view(pressed), name=name)
        return address
