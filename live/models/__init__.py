"""The tables of live: streams, events, follows, guests, moderation, blocked words."""

from live.models.events import Audience, Event
from live.models.follows import Follow, Notice
from live.models.guests import SEATS, Guest
from live.models.moderation import Block, Hidden, Moderator
from live.models.streams import LANGUAGES, Stream, Topic
from live.models.words import BlockedWord, RoomRules

__all__ = [
    "LANGUAGES",
    "SEATS",
    "Audience",
    "Block",
    "BlockedWord",
    "Event",
    "Follow",
    "Guest",
    "Hidden",
    "Moderator",
    "Notice",
    "RoomRules",
    "Stream",
    "Topic",
]
