"""The catalogue, the rules for sending, and what was sent."""

from gifts.models.catalogue import Gift, GiftPrice, GiftQuerySet, address_of
from gifts.models.policy import LONGEST_MESSAGE, GiftPolicy
from gifts.models.sent import SentGift, SentGiftQuerySet

__all__ = [
    "LONGEST_MESSAGE",
    "Gift",
    "GiftPolicy",
    "GiftPrice",
    "GiftQuerySet",
    "SentGift",
    "SentGiftQuerySet",
    "address_of",
]
