"""The page on which one closes one's account, and the one after."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.requests import AuthedRequest
from care.closing import services
from care.closing.offers import offer_of
from care.models import Closing
from foundation.errors import DomainError
from wallet.models import Refund


class CloseForm(forms.Form):
    """Whether the owner gives up what is left."""

    gives_up = forms.BooleanField(label=_("I give up what is left."), required=False)


@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth ships no types
def close(request: AuthedRequest) -> HttpResponse:
    """Show what closing means for this account; close it, after the password, and sign out."""
    user = User.objects.select_related("country__region").get(pk=request.user.pk)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask(user=user, gives_up=form.cleaned_data["gives_up"])
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.detail)
            return _page(request, user, form, status=refusal.status)
        logout(request)
        return redirect("care:closed")
    return _page(request, user, form, status=200)


@login_not_required
@require_GET
def closed(request: HttpRequest) -> HttpResponse:
    """Say what happens now, and how to keep the account."""
    return render(request, "care/closed.html", {"days": settings.CLOSING_GRACE_DAYS})


def _page(request: AuthedRequest, user: User, form: CloseForm, *, status: int) -> HttpResponse:
    facts = {
        "form": form,
        "offer": offer_of(user),
        "days": settings.CLOSING_GRACE_DAYS,
        "under_way": Refund.objects.filter(
            purchase__user=user, state__in=Refund.UNDER_WAY
        ).select_related("purchase"),
        "closing": Closing.objects.under_way().filter(user=user).first(),
    }
    return render(request, "pages/close_account.html", facts, status=status)
