"""Bonus coins: lots with an end, granted, spent first, expired, and void when their order is."""
