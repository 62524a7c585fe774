"""The site as it is served, with two empty views beside it that the product does not have."""
