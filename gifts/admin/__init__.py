"""The staff pages of gifts: the catalogue, the rules for sending, and sent gifts."""

from gifts.admin import catalogue, sent

__all__ = ["catalogue", "sent"]
