"""The addresses of gifts."""

from django.urls import path

from gifts.views import blocking, combo, console, media, room, sent, statement, studio

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
    path("gifts/<uuid:key>/thank/", room.thank, name="thank"),
    path("gifts/<uuid:key>/block/", blocking.block, name="block"),
    path("gifts/<uuid:key>/hide/", console.hide_message, name="hide_message"),
    path("live/<uuid:stream_id>/moderate/", console.moderate, name="moderate"),
    path("studio/", studio.studio, name="studio"),
    path("studio/join/", studio.join, name="join"),
    path("studio/live/", console.console, name="console"),
    path("studio/earnings/", statement.earnings_page, name="earnings"),
    path("studio/earnings/gifts.csv", statement.statement_csv, name="statement_csv"),
    path("studio/earnings/days.csv", statement.daily_csv, name="daily_csv"),
]
