"""The staff site: who gets in, where things are, what waits."""
