"""The ledger's admin: staff read it and change nothing."""

from ledger.admin import tables

__all__ = ["tables"]
