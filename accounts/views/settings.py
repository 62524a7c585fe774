"""The settings of one's account: one page, and a small form behind each part of it."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import services
from accounts.ages import TooYoung, wait_of
from accounts.forms.settings import (
    CountryForm,
    CreatorForm,
    EmailsForm,
    ProfileForm,
    SendingForm,
)
from accounts.forms.sign_in import AgeForm
from accounts.models import Creator, User
from accounts.names import NameRefused
from accounts.requests import AuthedRequest
from foundation.requests import way_back


def _keys(user: User) -> dict[str, Any]:
    """The ways to sign in, in the words of the page."""
    factors = {factor.type: factor for factor in Authenticator.objects.filter(user=user)}
    codes = factors.get(Authenticator.Type.RECOVERY_CODES)
    return {
        "totp": Authenticator.Type.TOTP in factors,
        "passkeys": Authenticator.objects.filter(
            user=user, type=Authenticator.Type.WEBAUTHN
        ).count(),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "sessions": len(UserSession.objects.purge_and_list(user)),
        "api_keys": user.api_keys.all(),
    }


def _settings(request: AuthedRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Render the page, with the form that needs another look in place of a fresh one."""
    user = User.objects.select_related("country__region").get(pk=request.user.pk)
    creator = Creator.objects.filter(user=user).first()
    page = {
        "person": user,
        "creator": creator,
        "profile_form": ProfileForm(instance=user),
        "sending_form": _sending_form(user),
        "emails_form": EmailsForm(instance=user),
        "creator_form": CreatorForm(instance=creator) if creator else None,
        **_keys(user),
        **forms,
    }
    return render(request, "pages/settings.html", page, status=status)


def _sending_form(user: User) -> SendingForm:
    shown = {
        "confirm_from_coins": user.confirm_from_coins,
        "private_supporter": "1" if user.private_supporter else "0",
    }
    return SendingForm(initial=shown)


@never_cache
def settings(request: AuthedRequest) -> HttpResponse:
    """Show everything one can set about oneself."""
    return _settings(request)


@require_POST
def profile(request: AuthedRequest) -> HttpResponse:
    """Change name and handle."""
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST, instance=person)
    if not form.is_valid():
        return _settings(request, status=422, profile_form=form)
    try:
        services.save_profile(user=person, **form.cleaned_data)
    except NameRefused as refused:
        form.add_error("display_name", refused.detail)
        return _settings(request, status=refused.status, profile_form=form)
    messages.success(request, _("Profile saved."))
    return redirect("accounts:settings")


@require_POST
def sending(request: AuthedRequest) -> HttpResponse:
    """Change how one's gifts leave: from the settings, or by a script in the middle of a room."""
    form = SendingForm(request.POST)
    by_script = request.htmx
    if not form.is_valid():
        if by_script:
            return HttpResponse(
                escape(form.sentence), status=422, headers={"X-Error-Code": "check_input"}
            )
        return _settings(request, status=422, sending_form=form)
    services.save_sending(user=User.objects.get(pk=request.user.pk), **form.ways)
    if by_script:
        return HttpResponse(status=204)
    messages.success(request, _("Gift settings saved."))
    return redirect(f"{reverse('accounts:settings')}#sending")


@require_POST
def emails(request: AuthedRequest) -> HttpResponse:
    """Change which emails one gets."""
    person = User.objects.get(pk=request.user.pk)
    form = EmailsForm(request.POST, instance=person)
    if not form.is_valid():
        return _settings(request, status=422, emails_form=form)
    services.save_emails(user=person, **form.cleaned_data)
    messages.success(request, _("Email settings saved."))
    return redirect(f"{reverse('accounts:settings')}#emails")


@require_POST
def creator(request: AuthedRequest) -> HttpResponse:
    """Change what others see of a creator."""
    mine = get_object_or_404(Creator, user=request.user)
    form = CreatorForm(request.POST, instance=mine)
    if not form.is_valid():
        return _settings(request, status=422, creator_form=form)
    services.save_creator(creator=mine, **form.cleaned_data)
    messages.success(request, _("Creator profile saved."))
    return redirect("accounts:settings")


def country(request: AuthedRequest) -> HttpResponse:
    """Say what living in another country changes; change it when that is confirmed."""
    person = User.objects.select_related("country__region").get(pk=request.user.pk)
    if person.date_of_birth is None:
        return _origin(request, person)
    asked = request.POST or request.GET
    form = CountryForm(asked if "country" in asked else None, initial={"country": person.country})
    page: dict[str, Any] = {"person": person, "form": form}
    if form.is_bound and form.is_valid():
        page["to"] = to = form.cleaned_data["country"]
        born = person.date_of_birth
        page["wait"] = wait_of(country=to, born=born)
        page["again"] = services.moves_again_on(person)
        if request.method == "POST":
            return _move(request, page)
    fragment = request.htmx
    template = "accounts/_country_change.html" if fragment else "accounts/country.html"
    return render(request, template, page, status=200 if form.is_valid() or not asked else 422)


def _origin(request: AuthedRequest, person: User) -> HttpResponse:
    form = AgeForm(request.POST or None, initial={"country": person.country})
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        asked = request.POST if form.is_bound else request.GET
        page = {"form": form, "back": way_back(request, asked.get("next", ""), "")}
        return render(request, "accounts/origin.html", page, status=status)
    country, born = form.cleaned_data["country"], form.cleaned_data["date_of_birth"]
    services.set_origin(user=person, country=country, born=born)
    messages.success(request, _("Thank you. You'll now see prices in your currency."))
    back = request.POST.get("next", "")
    return redirect(way_back(request, back, reverse("accounts:settings")))


def _move(request: AuthedRequest, page: dict[str, Any]) -> HttpResponse:
    try:
        services.move(user=page["person"], country=page["to"])
    except (TooYoung, services.MovedLately) as error:
        page["error"] = error
        return render(request, "accounts/country.html", page, status=error.status)
    messages.success(request, _("Your country is now %(country)s.") % {"country": page["to"].name})
    return redirect("accounts:settings")
