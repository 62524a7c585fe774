"""The addresses of live."""

from django.urls import path

from live import views

app_name = "live"
urlpatterns = [
    path("live/<uuid:public_id>/", views.room, name="room"),
    path("live/<uuid:public_id>/say/", views.say, name="say"),
    path("live/<uuid:public_id>/token/", views.token, name="token"),
    path("people/<slug:handle>/", views.person, name="person"),
    path("people/<slug:handle>/follow/", views.follow, name="follow"),
]
