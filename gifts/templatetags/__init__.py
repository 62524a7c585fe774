"""Tags and filters of gifts."""
