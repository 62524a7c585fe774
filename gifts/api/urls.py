"""The addresses of the API of gifts."""

from django.urls import path

from gifts.api import batches, catalogue, earnings, moderation, sends

urlpatterns = [
    path("gifts/", catalogue.catalogue, name="api_gifts"),
    path("streams/<uuid:stream_id>/gifts/", sends.send, name="api_send"),
    path("streams/<uuid:stream_id>/gifts/batch/", batches.send_batch, name="api_send_batch"),
    path("gifts/undo/", batches.undo_batch, name="api_undo_batch"),
    path("gifts/<uuid:key>/undo/", sends.undo, name="api_undo"),
    path("gifts/<uuid:key>/thank/", sends.thank, name="api_thank"),
    path("gifts/<uuid:key>/block/", moderation.block, name="api_block_sender"),
    path("gifts/<uuid:key>/hide/", moderation.hide, name="api_hide_message"),
    path("earnings/", earnings.summary, name="api_earnings"),
    path("earnings/statement/", earnings.statement_lines, name="api_statement"),
]
