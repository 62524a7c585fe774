"""The addresses of video."""

from django.urls import path

from video.views import clips, replays

app_name = "video"
urlpatterns = [
    path("live/<uuid:public_id>/replay/", replays.door, name="door"),
    path("live/<uuid:public_id>/clip/", clips.new, name="new_clip"),
    path("clips/<uuid:public_id>/", clips.clip, name="clip"),
    path("clips/<uuid:public_id>/state/", clips.state, name="clip_state"),
    path("clips/<uuid:public_id>/delete/", clips.delete, name="delete_clip"),
]
