"""The cost of a gift: `make bench`."""
