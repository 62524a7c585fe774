"""The addresses of overlays."""

from django.urls import path

from overlay import views

app_name = "overlay"
urlpatterns = [
    path("overlay/<slug:token>/", views.page, name="page"),
    path("overlay/<slug:token>/state/", views.state, name="state"),
    path("overlay/<slug:token>/played/", views.played, name="played"),
    path("overlay/<slug:token>/<slug:widget>/", views.page, name="widget"),
]
