"""The addresses of live."""

from django.urls import path

from live import guest_views, views

app_name = "live"
urlpatterns = [
    path("live/<uuid:public_id>/", views.room, name="room"),
    path("live/<uuid:public_id>/say/", views.say, name="say"),
    path("live/<uuid:public_id>/token/", views.token, name="token"),
    path("live/<uuid:public_id>/guest/door/", guest_views.door, name="guest_door"),
    path("live/<uuid:public_id>/guest/ask/", guest_views.ask, name="guest_ask"),
    path("live/<uuid:public_id>/guest/leave/", guest_views.leave, name="guest_leave"),
    path("people/<slug:handle>/", views.person, name="person"),
    path("people/<slug:handle>/follow/", views.follow, name="follow"),
]
