"""The ledger, as staff see it: to look at and not to touch."""

from ledger.admin import books

__all__ = ["books"]
