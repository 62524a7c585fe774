"""Becoming a creator."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.services import become_creator
from foundation.errors import DomainError
from foundation.requests import PageRequest, way_back
from studio.access import invitation
from studio.forms.join import CreatorForm


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: PageRequest) -> HttpResponse:
    """Show what a creator earns and what is asked when; make a signed-in person a creator."""
    user = request.user
    asked = request.GET if request.method == "GET" else request.POST
    back = way_back(request, asked.get("next", ""), "")
    if isinstance(user, User) and user.is_creator:
        return redirect(back or "studio:home")
    if request.method == "GET":
        return invitation(request, CreatorForm(), back=back)
    if not isinstance(user, User):
        return redirect_to_login(f"{reverse('studio:join')}?{urlencode({'next': back})}")
    form = CreatorForm(request.POST)
    if not form.is_valid():
        return invitation(request, form, back=back, status=422)
    try:
        become_creator(user=user, bio=form.cleaned_data["bio"])
    except DomainError as error:
        form.add_error(None, error.detail)
        return invitation(request, form, back=back, status=error.status)
    messages.success(request, _("You're a creator now. Go live whenever you're ready."))
    return redirect(back or "studio:home")
