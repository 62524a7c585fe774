"""The staff site: its people, where things are, what waits."""
