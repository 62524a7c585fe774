"""Guests: who may become one, how they come in, and how they go."""
