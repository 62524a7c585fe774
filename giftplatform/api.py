"""The API's router: each app's addresses under one roof."""

from django.urls import include, path

from giftplatform.api_problems import speak_our_language

speak_our_language()

urlpatterns = [
    path("", include("accounts.api")),
    path("", include("wallet.api")),
    path("", include("live.api")),
    path("", include("gifts.api.urls")),
    path("", include("overlay.api")),
    path("", include("payouts.api")),
]
