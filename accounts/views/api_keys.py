"""A person's keys to the API: made, shown once, revoked."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import api_keys
from accounts.forms.api_keys import ApiKeyForm
from accounts.requests import AuthedRequest
from foundation.errors import DomainError


@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def make(request: AuthedRequest) -> HttpResponse:
    """Ask what a key is for; make it and show it, this once."""
    form = ApiKeyForm(request.POST or None)
    if not form.is_valid():
        return _asked(request, form, status=422 if form.is_bound else 200)
    try:
        key = api_keys.make(user=request.user, **form.cleaned_data)
    except DomainError as refused:
        form.add_error(refused.field, refused.detail)
        return _asked(request, form, status=refused.status)
    shown: dict[str, Any] = {"key": key, "made": request.user.api_keys.first()}
    return render(request, "accounts/api_key.html", shown)


def _asked(request: AuthedRequest, form: ApiKeyForm, *, status: int) -> HttpResponse:
    return render(request, "accounts/new_api_key.html", {"form": form}, status=status)


@require_POST
def revoke(request: AuthedRequest, pk: int) -> HttpResponse:
    """Take one key away. Needs no second look: it only makes things safer."""
    get_object_or_404(request.user.api_keys, pk=pk).delete()
    messages.success(request, _("API key revoked."))
    return redirect("accounts:settings")
