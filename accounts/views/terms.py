"""The terms: the version in force, and each that was."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.models import Terms


@login_not_required
@require_GET
def terms(request: HttpRequest, version: str = "") -> HttpResponse:
    """Show a version of the terms, the one in force where none is named."""
    now = Terms.objects.current()
    shown = get_object_or_404(Terms, version=version) if version else now
    return render(
        request,
        "pages/terms.html",
        {"terms": shown, "current": now, "versions": Terms.objects.all()},
    )
