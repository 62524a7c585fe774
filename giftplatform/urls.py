"""Every address of the site, in one place per app."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import TemplateView

from accounts.views.contact import contact
from accounts.views.pictures import picture
from accounts.views.terms import terms
from giftplatform.api.schema import schema
from gifts.views.fairness import fairness
from live.views import home

handler400 = "giftplatform.api.problems.bad_request"
handler404 = "giftplatform.api.problems.not_found"
handler500 = "giftplatform.api.problems.server_error"

api_docs = login_not_required(TemplateView.as_view(template_name="api/docs.html"))

urlpatterns = [
    path("api/v1/", include("giftplatform.api.urls")),  # first: looked for one after the other
    path("", home, name="home"),
    path("fairness/", fairness, name="fairness"),
    path("contact/", contact, name="contact"),
    path("terms/", terms, name="terms"),
    path("terms/<slug:version>/", terms, name="terms_version"),
    path("media/people/<str:name>", picture, name="person_picture"),
    path("", include("live.urls")),
    path("", include("video.urls")),
    path("", include("wallet.urls")),
    path("", include("gifts.urls")),
    path("", include("care.urls")),
    path("", include("overlay.urls")),
    path("", include("studio.urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("api/schema/", schema, name="api_schema"),
    path("api/docs/", api_docs, name="api_docs"),
    path("admin/", admin.site.urls),
    path("", include("giftplatform.health")),
]
