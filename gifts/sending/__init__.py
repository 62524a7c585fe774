"""Sending gifts, undoing them, and every reason to refuse."""
