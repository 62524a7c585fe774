"""The tables about people."""

from accounts.models.limits import SpendingLimit
from accounts.models.people import HANDLE, MOST_COINS, Creator, User, UserManager
from accounts.models.places import Country, Region, TaxMode
from accounts.models.rights import RightsChange
from accounts.models.sessions import Session

__all__ = [
    "HANDLE",
    "MOST_COINS",
    "Country",
    "Creator",
    "Region",
    "RightsChange",
    "Session",
    "SpendingLimit",
    "TaxMode",
    "User",
    "UserManager",
]
