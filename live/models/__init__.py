"""The tables of live: streams, events, follows, moderation, blocked words."""

from live.models.events import Audience, Event
from live.models.follows import Follow, Notice
from live.models.moderation import Block, Hidden, Moderator
from live.models.streams import LANGUAGES, Stream, Topic
from live.models.words import BlockedWord, RoomRules

__all__ = [
    "LANGUAGES",
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
    "Topic",
]
