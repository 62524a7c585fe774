"""Replays: recorded while a stream is live, watched after its end with all that was sent to it."""
