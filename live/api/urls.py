"""The addresses of the API of live."""

from live.api import blocks, chat, moderators, streams, words

urlpatterns = [
    *streams.urlpatterns,
    *chat.urlpatterns,
    *blocks.urlpatterns,
    *moderators.urlpatterns,
    *words.urlpatterns,
]
