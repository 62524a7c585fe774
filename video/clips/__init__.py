"""Clips: up to a minute of a stream, cut out by people whom its creator lets."""
