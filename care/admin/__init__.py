"""Staff's pages of care."""

from care.admin import closings, guardians

__all__ = ["closings", "guardians"]
