"""The tables about people."""

from accounts.models.api_keys import ApiKey, Scope
from accounts.models.limits import SpendingLimit, SpendingPause
from accounts.models.moves import Move
from accounts.models.notes import StaffNote
from accounts.models.people import HANDLE, MOST_COINS, Creator, User, UserManager
from accounts.models.pictures import Part, PictureTakedown
from accounts.models.places import Country, Region, TaxMode, TaxRate
from accounts.models.reference import ReferenceVersion
from accounts.models.rights import RightsChange
from accounts.models.sessions import Session
from accounts.models.terms import Terms, TermsSection
from accounts.models.traces import Trace

__all__ = [
    "HANDLE",
    "MOST_COINS",
    "ApiKey",
    "Country",
    "Creator",
    "Move",
    "Part",
    "PictureTakedown",
    "ReferenceVersion",
    "Region",
    "RightsChange",
    "Scope",
    "Session",
    "SpendingLimit",
    "SpendingPause",
    "StaffNote",
    "TaxMode",
    "TaxRate",
    "Terms",
    "TermsSection",
    "Trace",
    "User",
    "UserManager",
]
