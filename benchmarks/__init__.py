"""What a gift costs: `make bench`."""
