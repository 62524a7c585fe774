"""The addresses of video."""

from django.urls import path

from video import views

app_name = "video"
urlpatterns = [
    path("live/<uuid:public_id>/replay/", views.door, name="door"),
]
