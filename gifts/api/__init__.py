"""The API of gifts."""
