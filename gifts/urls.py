"""The addresses of gifts."""

from django.urls import path

from gifts.views import combo, media, room, sent

app_name = "gifts"
urlpatterns = [
    path("gifts/", room.catalogue, name="catalogue"),
    path("media/gifts/<str:name>", media.upload, name="upload"),
    path("gifts/sent/", sent.names, name="sent_names"),
    path("live/<uuid:stream_id>/tray/", room.tray, name="tray"),
    path("live/<uuid:stream_id>/send/", room.send, name="send"),
    path("live/<uuid:stream_id>/sends/", combo.send_set, name="send_set"),
    path("gifts/known/", combo.known, name="known"),
    path("gifts/undo/", combo.undo_set, name="undo_set"),
    path("gifts/<uuid:key>/undo/", room.undo, name="undo"),
]
