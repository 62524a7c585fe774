"""The API of live."""
