"""The admin of accounts: people, and the places where they live."""

from accounts.admin import people, places

__all__ = ["people", "places"]
