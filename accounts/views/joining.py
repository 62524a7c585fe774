"""Joining: the form, and the link that confirms the address."""

from hashlib import sha256
from http import HTTPStatus

from allauth.account import views as allauth_views
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage, LoginStageController
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.forms.sign_in import AgeForm
from foundation.requests import PageRequest

WAITING = "waiting_for_link"
MOST_LETTERS = 254  # the longest email address
AGAIN_AFTER_S = 60


@login_not_required
@sensitive_post_parameters("password1", "date_of_birth")
def signup(request: HttpRequest) -> HttpResponse:
    """Let a person join, unless they are too young: then say so, and forget everything.

    Age is looked at before allauth sees the request: no person, no mail, no session and not even a
    rate limit's count is written. No cookie marks the browser either, signed or not: it would be a
    record about a child, on a device that a family may share, and would lock out the parent.
    """
    if request.method == "POST":
        age = AgeForm(request.POST)
        if age.is_valid() and age.wait:
            # Without a token in the page, not even the form's own cookie is renewed.
            page = {"wait": age.wait, "csrf_token": ""}
            return render(request, "accounts/too_young.html", page, status=403)
    try:
        return _join(request)
    except IntegrityError:
        # Two people chose one handle in one moment: the second look finds it taken and says so.
        return _join(request)


def _join(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = allauth_views.signup(request)
    if response.status_code == HTTPStatus.FOUND:
        # Also where the address belongs to somebody already: the next page looks the same.
        request.session[WAITING] = request.POST.get("email", "")[:MOST_LETTERS]
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def check_inbox(request: PageRequest) -> HttpResponse:
    """Name the address that a link was sent to, send it again, and go on once it is confirmed.

    It goes on by itself in the browser that joined, also when the link was opened in another one:
    that browser knows the password, and the link proved the address.
    """
    stage = LoginStageController.enter(request, EmailVerificationStage.key)
    person = stage.login.user if stage else None
    address = person and EmailAddress.objects.get_primary(person)
    onwards = None
    if stage and address and address.verified:
        onwards = stage.exit()
    elif request.user.is_authenticated:  # another tab of this browser was faster
        onwards = redirect("home")
    if onwards:
        return HttpResponseClientRedirect(onwards["Location"]) if request.htmx else onwards
    if request.htmx:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    shown = address.email if address else request.session.get(WAITING, "")
    if request.method == "POST":
        _send_again(request, address, shown)
        return redirect("account_email_verification_sent")
    return render(request, "account/verification_sent.html", {"email": shown})


def _send_again(request: HttpRequest, address: EmailAddress | None, shown: str) -> None:
    """Send another link, a minute after the last at the earliest.

    An address that waits for none is told the same, so that no one learns who has an account.
    """
    if not cache.add(f"link:{sha256(shown.lower().encode()).hexdigest()}", True, AGAIN_AFTER_S):
        messages.warning(request, _("We just sent a link. Wait a minute before the next one."))
        return
    if address:
        address.send_confirmation(request)
    messages.success(request, _("We've sent you a new link. The older one still works."))
