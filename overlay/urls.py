"""The addresses of overlays, and of what steers them."""

from django.urls import path

from overlay.views import alerts, source, studio

app_name = "overlay"
urlpatterns = [
    path("overlay/<slug:token>/", source.page, name="page"),
    path("overlay/<slug:token>/state/", source.state, name="state"),
    path("overlay/<slug:token>/played/", source.played, name="played"),
    path("overlay/<slug:token>/<slug:widget>/", source.page, name="widget"),
    path("studio/overlay/", studio.settings_page, name="settings"),
    path("studio/overlay/rotate/", studio.rotate, name="rotate"),
    path("studio/overlay/goal/", studio.goal, name="goal"),
    path("studio/live/alerts/", alerts.queue, name="queue"),
    path("studio/live/alerts/pause/", alerts.pause, name="pause"),
    path("studio/live/alerts/resume/", alerts.resume, name="resume"),
    path("studio/live/alerts/skip/", alerts.skip, name="skip"),
    path("studio/live/alerts/replay/", alerts.replay, name="replay"),
    path("studio/live/alerts/test/", alerts.test, name="test"),
]
