"""The addresses of video that Django answers."""

from django.urls import path

from video.views import clips, elsewhere, media_server, replays

app_name = "video"
urlpatterns = [
    path("ingest/auth/", media_server.authorize, name="authorize"),
    path("ingest/publish/", media_server.publish, name="publish"),
    path("live/<uuid:public_id>/replay/", replays.door, name="door"),
    path("live/<uuid:public_id>/elsewhere/", elsewhere.elsewhere, name="elsewhere"),
    path("live/<uuid:public_id>/clip/", clips.new, name="new_clip"),
    path("clips/<uuid:public_id>/", clips.clip, name="clip"),
    path("clips/<uuid:public_id>/state/", clips.state, name="clip_state"),
    path("clips/<uuid:public_id>/delete/", clips.delete, name="delete_clip"),
]
