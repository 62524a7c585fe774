"""The addresses of gifts."""

from django.urls import path

from gifts.views import batch, media, room, sent

app_name = "gifts"
urlpatterns = [
    path("gifts/", room.catalogue, name="catalogue"),
    path("media/gifts/<str:name>", media.upload, name="upload"),
    path("gifts/sent/", sent.names, name="sent_names"),
    path("live/<uuid:stream_id>/tray/", room.tray, name="tray"),
    path("live/<uuid:stream_id>/send/", room.send, name="send"),
    path("live/<uuid:stream_id>/sends/", batch.send, name="send_batch"),
    path("gifts/known/", batch.known, name="known"),
    path("gifts/undo/", batch.undo, name="undo_batch"),
    path("gifts/<uuid:key>/undo/", room.undo, name="undo"),
]
