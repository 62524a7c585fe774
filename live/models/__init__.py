"""Streams, and everything that happens in them as rows."""

from live.models.moderation import Hidden, Moderator
from live.models.streams import Audience, Block, Event, Follow, Notice, Stream
from live.models.words import BlockedWord, RoomRules

__all__ = [
    "Audience",
    "Block",
    "BlockedWord",
    "Event",
    "Follow",
    "Hidden",
    "Moderator",
    "Notice",
    "RoomRules",
    "Stream",
]
