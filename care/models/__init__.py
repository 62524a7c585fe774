"""Cases of guardians, and accounts that close."""

from care.models.closings import Closing
from care.models.guardians import (
    GuardianCase,
    GuardianLink,
    GuardianRefund,
    GuardianStep,
)

__all__ = ["Closing", "GuardianCase", "GuardianLink", "GuardianRefund", "GuardianStep"]
