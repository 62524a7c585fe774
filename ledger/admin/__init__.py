"""The ledger, as staff see it: to look at and not to touch."""

from ledger.admin import tables

__all__ = ["tables"]
