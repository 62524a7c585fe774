"""The admin of live: streams, events, follows, moderation, blocked words."""

from live.admin import moderation, streams, words

__all__ = ["moderation", "streams", "words"]
