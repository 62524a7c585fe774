"""The pages about people: joining, and the rules one agrees to."""

from allauth.account import views as allauth_views
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import AgeForm


@login_not_required
@sensitive_post_parameters("password1", "date_of_birth")
def signup(request: HttpRequest) -> HttpResponse:
    """Let somebody join, unless they are too young: then say so, and forget everything.

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
    return response


@login_not_required
def terms(request: HttpRequest) -> HttpResponse:
    """Show what one agrees to by joining, in plain words."""
    return render(request, "pages/terms.html")
