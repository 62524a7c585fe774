"""The admin site: same sign-in as everybody, a second step in live mode, a policy of its own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ForeignKey
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from unfold.sites import UnfoldAdminSite

# The theme's Alpine evaluates expressions written in its templates, and sets styles from them.
# Scripts still come from this site alone and none stands inside a page.
POLICY = {
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
}


def lacks_second_step(request: HttpRequest) -> bool:
    """Whether this member of staff must first set up a second step."""
    return settings.STAFF_SECOND_STEP and not is_mfa_enabled(request.user)


def prefilling(keeper: "ModelAdmin[Any]", query: QueryDict) -> QueryDict:
    """Return what of an address may fill in a new row: rows that it belongs to, by their ids.

    Django hands every other value to its input as it stands, whatever that can read.
    """
    kept = query.copy()
    belongs_to = {one.name: one for one in keeper.opts.fields if isinstance(one, ForeignKey)}
    for name in query:
        if name.startswith("_"):  # the list's filters, or that it is a popup
            continue
        try:
            belongs_to[name].target_field.to_python(kept[name])
        except (KeyError, ValidationError):
            del kept[name]
    return kept


def asks_right(view: Callable[..., Any]) -> Callable[..., Any]:
    """Return the view behind the right that it needs, whatever it asks for itself.

    A page of a model asks for the right to look at that model; only the page that adds a row is
    left to Django, because whoever adds rows need not read them. A function, like a button, says
    its right by itself in `permission`.
    """
    keeper = getattr(view, "__self__", None)
    permission = getattr(view, "permission", "")
    if not permission and not isinstance(keeper, ModelAdmin):
        if isinstance(keeper, AdminSite) or view.__module__.startswith("django."):
            return view  # the site's own pages, and Django's redirects to pages that ask
        raise TypeError(f"Nothing says who may open {view!r}: set its attribute `permission`.")

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if isinstance(keeper, ModelAdmin):
            adds = view.__name__ == "add_view"
            allowed = adds or keeper.has_view_or_change_permission(request)
        else:
            allowed = request.user.has_perm(permission)
        if not allowed:
            raise PermissionDenied
        if isinstance(keeper, ModelAdmin) and view.__name__ == "add_view":
            request.GET = prefilling(keeper, request.GET)  # type: ignore[assignment]  # as Django sets it
        return view(request, *args, **kwargs)

    return asked


class StaffSite(UnfoldAdminSite):
    """Everything staff do."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Let staff in; in live mode, those with a second step."""
        return bool(super().has_permission(request)) and not lacks_second_step(request)

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send people to the one sign-in page there is; it asks for their second step too."""
        if request.user.is_authenticated and request.user.is_staff and lacks_second_step(request):
            messages.info(
                request, _("Staff accounts need two-step verification. Set it up, then come back.")
            )
            return redirect("mfa_index")
        answer: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return answer

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send staff to the page where everybody changes their password."""
        return redirect("account_change_password")

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Return the view behind the checks of permission, under the policy of this site."""
        inner = super().admin_view(asks_right(view), cacheable)
        guarded: Callable[..., Any] = csp_replace(POLICY)(inner)
        return guarded
