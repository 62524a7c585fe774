"""The addresses of accounts."""

from django.urls import path

from accounts import settings_views, views

app_name = "accounts"
urlpatterns = [
    # Stands before allauth's own address of the same name; `{% url 'account_signup' %}` leads here.
    path("signup/", views.signup),
    path("terms/", views.terms, name="terms"),
    path("settings/", settings_views.settings, name="settings"),
    path("settings/profile/", settings_views.profile, name="profile"),
    path("settings/sending/", settings_views.sending, name="sending"),
    path("settings/creator/", settings_views.creator, name="creator"),
    path("settings/country/", settings_views.country, name="country"),
    path("settings/key/", settings_views.make_token, name="make_token"),
    path("settings/key/revoke/", settings_views.revoke_token, name="revoke_token"),
]
