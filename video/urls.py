"""The addresses of video that Django answers."""

from django.urls import path

from video import views

app_name = "video"
urlpatterns = [path("ingest/auth/", views.authorize, name="authorize")]
