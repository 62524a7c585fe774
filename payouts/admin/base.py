"""The base of the payouts' admin pages: read-only, with buttons that are forms and refusals as
messages.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from foundation.admin import ReadOnlyAdmin
from foundation.errors import DomainError

Action = Callable[..., HttpResponse]


class ActionsAdmin(ReadOnlyAdmin):
    """A page to read, with buttons that move rows: services make and change them."""

    list_fullwidth = True

    class Media:
        css = {"all": ("payouts/staff.css",)}

    def button(self, route: str, action: Action, permission: str) -> URLPattern:
        """Return the address of a button: a POST by a person with the permission; refusals
        come back as a message.
        """

        @require_POST
        def pressed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return action(request, *args, **kwargs)
            except DomainError as refusal:
                messages.error(request, refusal.detail)
                return redirect(request.headers.get("Referer") or "admin:index")

        pressed.permission = permission  # type: ignore[attr-defined]  # the site asks for it
        name = f"{self.opts.app_label}_{self.opts.model_name}_{action.__name__}"
        address: URLPattern = path(route, self.admin_site.admin_view(pressed), name=name)
        return address
