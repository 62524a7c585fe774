"""The API's router: each app's addresses under one roof."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.api")),
    path("", include("wallet.api")),
    path("", include("live.api")),
    path("", include("gifts.api")),
    path("", include("payouts.api")),
]
