"""Where a fan may be named: every page, list, file and event that names one asks here.

A gift without a name names its sender nowhere. A private supporter is named where the gift is
shown, in the room and on the creator's own lines, and on no list: what holds is what the person
wants now, not what they wanted when they sent it.
"""

from enum import Enum

from django.db.models import Q


class Place(Enum):
    """Where a name would stand."""

    GIFT = "gift"  # beside the gift itself: the room's line, the console, the statement
    LIST = "list"  # where supporters stand together: lists, leaderboards, pictures, tickers


def may_be_named(place: Place, *, anonymous: bool, private: bool) -> bool:
    """Return whether the sender of a gift may be named in a place."""
    return not anonymous and not (private and place is Place.LIST)


def nameable(place: Place, *, fan: str = "fan") -> Q:
    """Return the same as a condition on gifts; `fan` is the way to the person who sent them."""
    if place is Place.LIST:
        return Q(anonymous=False, **{f"{fan}__private_supporter": False})
    return Q(anonymous=False)
