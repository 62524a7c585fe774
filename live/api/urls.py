"""The addresses of the API of live."""

from live.api import blocks, moderators, streams, words

urlpatterns = [
    *streams.urlpatterns,
    *blocks.urlpatterns,
    *moderators.urlpatterns,
    *words.urlpatterns,
]
