"""The catalogue, the rules for sending, and what was sent."""

from gifts.models.bonus_cost import BonusCost
from gifts.models.catalogue import Gift, GiftPrice, GiftQuerySet, address_of
from gifts.models.clawback import Clawback, ClawbackGift, FollowedDispute, FollowedRefund
from gifts.models.policy import LONGEST_MESSAGE, GiftPolicy
from gifts.models.sent import SentGift, SentGiftQuerySet
from gifts.models.upload import Upload, UploadQuerySet

__all__ = [
    "LONGEST_MESSAGE",
    "BonusCost",
    "Clawback",
    "ClawbackGift",
    "FollowedDispute",
    "FollowedRefund",
    "Gift",
    "GiftPolicy",
    "GiftPrice",
    "GiftQuerySet",
    "SentGift",
    "SentGiftQuerySet",
    "Upload",
    "UploadQuerySet",
    "address_of",
]
