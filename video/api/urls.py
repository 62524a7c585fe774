"""The addresses of video's API."""

from video.api import encoders, replays

urlpatterns = [*encoders.urlpatterns, *replays.urlpatterns]
