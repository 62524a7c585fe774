"""The addresses of care."""

from django.urls import path

from care.views import closing, guardians

app_name = "care"
urlpatterns = [
    path("account/close/", closing.close, name="close"),
    path("account/closed/", closing.closed, name="closed"),
    path("guardian/", guardians.guardian, name="guardian"),
    path("guardian/sent/", guardians.sent, name="sent"),
    path("guardian/<slug:token>/", guardians.case, name="case"),
    path("guardian/<slug:token>/confirm/", guardians.confirm, name="confirm"),
]
