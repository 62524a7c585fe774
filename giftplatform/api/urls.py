"""The addresses of the API, app by app."""

from django.urls import include, path

from giftplatform.api.problems import use_our_error_messages

use_our_error_messages()

urlpatterns = [
    path("", include("accounts.api")),
    path("", include("wallet.api.urls")),
    path("", include("live.api.urls")),
    path("", include("gifts.api.urls")),
    path("", include("video.api.urls")),
    path("", include("overlay.api")),
    path("", include("payouts.api")),
    path("", include("care.api")),
]
