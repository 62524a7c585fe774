"""The admin of live: streams, follows, guests, moderation, blocked words."""

from live.admin import guests, moderation, streams, words

__all__ = ["guests", "moderation", "streams", "words"]
