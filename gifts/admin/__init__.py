"""The staff pages of gifts: the catalogue, the rules for sending, and sent gifts."""

from gifts.admin import catalogue, clawback, sent

__all__ = ["catalogue", "clawback", "sent"]
