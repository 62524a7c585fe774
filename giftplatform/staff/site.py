"""The admin site: same sign-in as everybody, a second step in live mode, a policy of its own."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
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
            messages.warning(
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
        """Return the view behind the check of permission, under the policy of this site."""
        guarded: Callable[..., Any] = csp_replace(POLICY)(super().admin_view(view, cacheable))
        return guarded
