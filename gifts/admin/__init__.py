"""What staff see of gifts: the catalogue they keep, the rules for sending, and what was sent."""

from gifts.admin import catalogue, sent

__all__ = ["catalogue", "sent"]
