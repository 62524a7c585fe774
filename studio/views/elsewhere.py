"""Video from elsewhere, as its creator chooses it, sees it and takes it away."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from live.models import Stream
from studio.access import creators_only
from studio.forms.elsewhere import ElsewhereForm
from video.elsewhere import addresses, services
from video.pictures import shown_elsewhere


@require_http_methods(["GET", "POST"])
@creators_only
def elsewhere(request: AuthedRequest) -> HttpResponse:
    """Ask for an address, and show its video in the creator's room."""
    form = ElsewhereForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.show(creator=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.detail)
        else:
            messages.success(request, _("Your room shows it. See below whether it plays."))
            return redirect("studio:elsewhere")
    on_air = Stream.objects.on_air().filter(creator=request.user).first()
    context = {
        "form": form,
        "on_air": on_air,
        "shown": shown_elsewhere(on_air) if on_air else None,
        "allowed": addresses.allowed(),
    }
    status = 422 if form.errors else 200
    return render(request, "studio/elsewhere.html", context, status=status)


@require_POST
@creators_only
def take_away(request: AuthedRequest) -> HttpResponse:
    """Show nothing from elsewhere any more."""
    services.take_away(creator=request.user)
    messages.success(request, _("Taken away. Your stream goes on with its picture."))
    return redirect("studio:go_live")
