"""Moderation: blocked people, moderators, hidden messages."""
