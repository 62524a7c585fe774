"""Closing an account: what goes back, what is in the way, the time to keep it, the end."""
