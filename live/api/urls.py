"""The addresses of the API of live."""

from live.api import blocks, chat, guests, moderators, people, streams, words

urlpatterns = [
    *streams.urlpatterns,
    *people.urlpatterns,
    *chat.urlpatterns,
    *blocks.urlpatterns,
    *moderators.urlpatterns,
    *words.urlpatterns,
    *guests.urlpatterns,
]
