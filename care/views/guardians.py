"""The page on which a guardian opens a case, and the one that shows where it stands."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from care.forms import GuardianForm
from care.guardians import cases, links
from care.guardians.timeline import steps_of
from care.models import GuardianCase


@login_not_required
@never_cache
@sensitive_post_parameters()
def guardian(request: HttpRequest) -> HttpResponse:
    """Take a guardian's case. What comes after is the same for every account and every address."""
    form = GuardianForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="guardian_case"):
            refused: HttpResponse = ratelimit.respond_429(request)
            return refused
        cases.open_case(**form.cleaned_data)
        return redirect("care:sent")
    facts = {
        "form": form,
        "days": settings.GUARDIAN_ANSWER_DAYS,
        "keep_days": settings.GUARDIAN_KEEP_DAYS,
    }
    return render(request, "care/guardian.html", facts, status=422 if form.errors else 200)


@login_not_required
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """Say that an email is on its way."""
    return render(request, "care/sent.html")


@login_not_required
@never_cache
@require_GET
def case(request: HttpRequest, token: str) -> HttpResponse:
    """Show a guardian where their case stands."""
    found = _case(token)
    facts = {
        "case": found,
        "token": token,
        "steps": steps_of(found),
        "refunds": [row.refund for row in found.refunds.select_related("refund__purchase")],
        "days": settings.GUARDIAN_ANSWER_DAYS,
    }
    answer = render(request, "care/case.html", facts)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@login_not_required
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm that the address is the guardian's."""
    cases.confirm_email(case=_case(token))
    messages.success(request, _("Thank you. A person reads your case now."))
    return redirect("care:case", token)


def _case(token: str) -> GuardianCase:
    found = links.case_of(token)
    if found is None:
        raise Http404
    return found
