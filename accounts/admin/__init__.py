"""The admin of accounts: people, the places where they live, the terms."""

from accounts.admin import people, places, terms

__all__ = ["people", "places", "terms"]
