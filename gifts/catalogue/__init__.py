"""The default catalogue."""
