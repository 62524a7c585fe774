"""The addresses of the studio, and of what creators and moderators do from a line of the room."""

from django.urls import include, path

from studio.views import (
    alerts,
    blocked_people,
    blocked_words,
    console,
    earnings,
    go_live,
    home,
    join,
    moderators,
    overlay,
    page,
    payouts,
)

app_name = "studio"

payout_pages = [
    path("", payouts.payouts, name="payouts"),
    path("panel/", payouts.payouts_panel, name="payouts_panel"),
    path("quote/", payouts.payout_quote, name="payout_quote"),
    path("request/", payouts.request_payout, name="request_payout"),
    path("account/", payouts.bank_account, name="bank_account"),
    path("account/fields/", payouts.bank_account_fields, name="bank_account_fields"),
    path("account/remove/", payouts.remove_bank_account, name="remove_bank_account"),
    path("account/weekly/", payouts.weekly_payouts, name="weekly_payouts"),
    path("<uuid:payout_id>/", payouts.payout, name="payout"),
    path("<uuid:payout_id>/cancel/", payouts.cancel_payout, name="cancel_payout"),
    path("<uuid:payout_id>/again/", payouts.pay_out_again, name="pay_out_again"),
]

urlpatterns = [
    path("studio/", home.home, name="home"),
    path("studio/join/", join.join, name="join"),
    path("studio/live/", console.console, name="console"),
    path("studio/live/alerts/", alerts.queue, name="alerts"),
    path("studio/live/alerts/pause/", alerts.pause, name="pause_alerts"),
    path("studio/live/alerts/resume/", alerts.resume, name="resume_alerts"),
    path("studio/live/alerts/skip/", alerts.skip, name="skip_alert"),
    path("studio/live/alerts/replay/", alerts.replay, name="replay_alerts"),
    path("studio/live/alerts/test/", alerts.test, name="test_alert"),
    path("studio/go-live/", go_live.go_live, name="go_live"),
    path("studio/go-live/<uuid:public_id>/start/", go_live.start, name="start"),
    path("studio/go-live/<uuid:public_id>/end/", go_live.end, name="end"),
    path("studio/page/", page.page, name="page"),
    path("studio/page/<slug:part>/", page.upload, name="upload_picture"),
    path("studio/page/<slug:part>/remove/", page.remove, name="remove_picture"),
    path("studio/earnings/", earnings.earnings, name="earnings"),
    path("studio/earnings/gifts.csv", earnings.statement_csv, name="statement_csv"),
    path("studio/earnings/days.csv", earnings.daily_csv, name="daily_csv"),
    path("studio/payouts/", include(payout_pages)),
    path("studio/overlay/", overlay.overlay_settings, name="overlay"),
    path("studio/overlay/rotate/", overlay.rotate, name="rotate_overlay"),
    path("studio/overlay/goal/", overlay.goal, name="goal"),
    path("studio/blocked/", blocked_people.blocked_people, name="blocked"),
    path("studio/words/", blocked_words.blocked_words, name="words"),
    path("studio/words/rules/", blocked_words.rules, name="room_rules"),
    path("studio/words/<int:number>/allow/", blocked_words.allow, name="unblock_word"),
    path("studio/moderators/", moderators.appointed, name="moderators"),
    path("studio/moderators/<slug:handle>/dismiss/", moderators.dismiss, name="dismiss"),
    path("live/<uuid:stream_id>/moderate/", console.moderate, name="moderate"),
    path("live/lines/<int:event_id>/block/", blocked_people.block_author, name="block_author"),
    path("live/lines/<int:event_id>/hide/", moderators.hide_line, name="hide_line"),
    path("people/<slug:handle>/block/", blocked_people.block, name="block"),
    path("gifts/<uuid:key>/thank/", console.thank, name="thank"),
    path("gifts/<uuid:key>/block/", blocked_people.block_sender, name="block_sender"),
    path("gifts/<uuid:key>/hide/", console.hide_message, name="hide_message"),
]
