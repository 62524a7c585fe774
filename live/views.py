"""The home page and the room."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from live.models import Stream


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """Show who is on air."""
    return render(request, "live/home.html", {"streams": Stream.objects.on_air().for_cards()})
