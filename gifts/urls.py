"""The addresses of gifts."""

from django.urls import path

from gifts.views import batches, catalogue, sent, tray, uploads

app_name = "gifts"
urlpatterns = [
    path("gifts/", catalogue.catalogue, name="catalogue"),
    path("media/gifts/<str:name>", uploads.upload, name="upload"),
    path("gifts/sent/", sent.names, name="sent_names"),
    path("live/<uuid:stream_id>/tray/", tray.tray, name="tray"),
    path("live/<uuid:stream_id>/receivers/", tray.receivers, name="receivers"),
    path("live/<uuid:stream_id>/send/", tray.send, name="send"),
    path("live/<uuid:stream_id>/sends/", batches.send, name="send_batch"),
    path("gifts/known/", batches.known, name="known"),
    path("gifts/undo/", batches.undo, name="undo_batch"),
    path("gifts/<uuid:key>/undo/", tray.undo, name="undo"),
]
