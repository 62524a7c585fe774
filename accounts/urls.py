"""The addresses of accounts."""

from django.urls import path

from accounts.views import api_keys, joining, settings

app_name = "accounts"
urlpatterns = [
    # Stand before allauth's own of the same addresses; `{% url 'account_signup' %}` leads here.
    path("signup/", joining.signup),
    path("confirm-email/", joining.check_inbox),
    path("settings/", settings.settings, name="settings"),
    path("settings/profile/", settings.profile, name="profile"),
    path("settings/emails/", settings.emails, name="emails"),
    path("settings/sending/", settings.sending, name="sending"),
    path("settings/creator/", settings.creator, name="creator"),
    path("settings/country/", settings.country, name="country"),
    path("settings/keys/new/", api_keys.make, name="make_api_key"),
    path("settings/keys/<int:pk>/revoke/", api_keys.revoke, name="revoke_api_key"),
]
