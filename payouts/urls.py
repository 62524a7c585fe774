"""The addresses of payouts."""

from django.urls import path

from payouts import views

app_name = "payouts"
urlpatterns = [
    path("", views.home, name="home"),
    path("panel/", views.panel, name="panel"),
    path("quote/", views.quote, name="quote"),
    path("request/", views.request_payout, name="request"),
    path("account/", views.method, name="method"),
    path("account/remove/", views.remove_method, name="remove_method"),
    path("account/weekly/", views.weekly, name="weekly"),
    path("<uuid:payout_id>/", views.payout, name="payout"),
    path("<uuid:payout_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:payout_id>/again/", views.again, name="again"),
]
