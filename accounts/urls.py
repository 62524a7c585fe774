"""The addresses of accounts."""

from django.urls import path

from accounts.views import joining, settings

app_name = "accounts"
urlpatterns = [
    # Stands before allauth's own address of the same name; `{% url 'account_signup' %}` leads here.
    path("signup/", joining.signup),
    path("terms/", joining.terms, name="terms"),
    path("settings/", settings.settings, name="settings"),
    path("settings/profile/", settings.profile, name="profile"),
    path("settings/sending/", settings.sending, name="sending"),
    path("settings/creator/", settings.creator, name="creator"),
    path("settings/country/", settings.country, name="country"),
    path("settings/key/", settings.make_token, name="make_token"),
    path("settings/key/revoke/", settings.revoke_token, name="revoke_token"),
]
