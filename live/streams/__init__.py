"""Streams: announced, live, ended; their followers and viewers."""
