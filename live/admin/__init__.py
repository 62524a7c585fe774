"""The admin of live: streams, events, follows, moderation, blocked words."""

from live.admin import streams, words

__all__ = ["streams", "words"]
