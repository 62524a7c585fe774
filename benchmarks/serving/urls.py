"""The site's addresses, and three empty ones: a request's cost before anything is done for it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import scopes
from accounts.models import Scope
from giftplatform import urls as site

handler400, handler404, handler500 = site.handler400, site.handler404, site.handler500


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    """Answer nothing."""
    return HttpResponse()


@scopes(POST=Scope.SEND)
@api_view(["POST"])
def asked(request: Request) -> Response:
    """Answer a person with nothing, once the API has found out who they are."""
    return Response({})


def signed(request: HttpRequest) -> HttpResponse:
    """Answer a signed-in person with the site's frame and nothing in it."""
    return render(request, "base.html")


urlpatterns = [
    path("empty/", empty),
    path("asked/", asked),
    path("signed/", signed),
    *site.urlpatterns,
]
