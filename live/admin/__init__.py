"""The admin of live: streams, follows, moderation, blocked words."""

from live.admin import moderation, streams, words

__all__ = ["moderation", "streams", "words"]
