"""The addresses of live."""

from django.urls import path

from live import blocked, moderators, studio, views, wording

app_name = "live"
urlpatterns = [
    path("live/<uuid:public_id>/", views.room, name="room"),
    path("live/<uuid:public_id>/say/", views.say, name="say"),
    path("live/<uuid:public_id>/token/", views.token, name="token"),
    path("live/lines/<int:event_id>/block/", blocked.block_speaker, name="block_speaker"),
    path("live/lines/<int:event_id>/hide/", moderators.hide_line, name="hide_line"),
    path("people/<slug:handle>/follow/", views.follow, name="follow"),
    path("people/<slug:handle>/block/", blocked.block, name="block"),
    path("studio/blocked/", blocked.people, name="blocked"),
    path("studio/words/", wording.listed, name="words"),
    path("studio/words/rules/", wording.rules, name="room_rules"),
    path("studio/words/<int:number>/allow/", wording.allow, name="allow_word"),
    path("studio/moderators/", moderators.people, name="moderators"),
    path("studio/moderators/<slug:handle>/dismiss/", moderators.dismiss, name="dismiss"),
    path("studio/go-live/", studio.go_live, name="go_live"),
    path("studio/go-live/<uuid:public_id>/start/", studio.start, name="start"),
    path("studio/go-live/<uuid:public_id>/end/", studio.end, name="end"),
]
