"""Orders that an agreement places: when, charged how, and what becomes of the agreement."""
