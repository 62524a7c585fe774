"""The addresses of video's API."""

from video.api import clips, elsewhere, encoders, replays

urlpatterns = [
    *encoders.urlpatterns,
    *elsewhere.urlpatterns,
    *replays.urlpatterns,
    *clips.urlpatterns,
]
