"""The addresses of video's API."""

from video.api import clips, encoders, replays

urlpatterns = [*encoders.urlpatterns, *replays.urlpatterns, *clips.urlpatterns]
